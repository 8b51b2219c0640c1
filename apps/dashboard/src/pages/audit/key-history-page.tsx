import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { hasStatus } from '../../api/problem.js';
import { auditQuery, keyQuery } from '../../api/queries.js';
import type { ApiKey } from '../../api/types.js';
import { useFilters } from '../../ui/use-filters.js';
import { useSession } from '../../session/session.js';
import { StatusBadge } from '../../ui/badge.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Select } from '../../ui/field.js';
import { PageHeader } from '../../ui/page-header.js';
import { Paged } from '../../ui/paged.js';
import { Prefix } from '../../ui/prefix.js';
import { Empty, Loading, Problem } from '../../ui/states.js';
import { Time } from '../../ui/time.js';
import { useProblem } from '../../ui/use-problem.js';
import { historyColumns } from './audit-columns.js';
import { orderOptions } from './audit-filters.js';
import { typeTitle } from './audit-types.js';
import { ExportLinks } from './export-links.js';

const keyTypes = ['KeyCreated', 'KeyUsed', 'KeyRevoked', 'KeyRefused'];
const typeOptions: readonly (readonly [string, string])[] = [
  ['', 'Whole history'],
  ...keyTypes.map((type) => [type, typeTitle(type)] as const),
];

export function KeyHistoryPage() {
  const { apiKeyId = '' } = useParams({ strict: false });
  const { accountId } = useSession();
  const key = useQuery(keyQuery(accountId, apiKeyId));
  const problem = useProblem(key);
  if (hasStatus(problem, 404)) return <NoSuchKey />;
  return (
    <>
      <PageHeader title={key.data === undefined ? 'Key history' : `History of “${key.data.name}”`}>
        <Link to="/audit">Audit trail</Link> of one key, from its creation on.
      </PageHeader>
      {key.data !== undefined && <KeyFacts apiKey={key.data} />}
      {problem !== null && <Problem error={problem} onRetry={() => void key.refetch()} />}
      {key.isPending && problem === null && <Loading rows={2} />}
      <History apiKeyId={apiKeyId} />
    </>
  );
}

function NoSuchKey() {
  return (
    <>
      <PageHeader title="Key history" />
      <Empty
        title="There is no such key in this account"
        action={
          <Link to="/" className={buttonClass('primary')}>
            Go to API Keys
          </Link>
        }
      >
        Check the link, or look in another of your accounts.
      </Empty>
    </>
  );
}

function KeyFacts({ apiKey }: { readonly apiKey: ApiKey }) {
  const { keyPrefix, status, createdAt, createdBy, lastUsedAt, revokedAt, revokedBy } = apiKey;
  return (
    <dl className="facts">
      <Fact name="Status">
        <StatusBadge status={status} />
      </Fact>
      <Fact name="Prefix">
        <Prefix of={keyPrefix} />
      </Fact>
      <Fact name="Created">
        <Time at={createdAt} /> by {createdBy}
      </Fact>
      <Fact name="Last used">{lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} />}</Fact>
      {revokedAt !== null && (
        <Fact name="Revoked">
          <Time at={revokedAt} />
          {revokedBy !== null && ` by ${revokedBy}`}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function History({ apiKeyId }: { readonly apiKeyId: string }) {
  const { accountId } = useSession();
  const { values, set } = useFilters<'type' | 'order' | 'cursor'>();
  const { type, order = 'asc', cursor } = values;
  const filters = { apiKeyId, type, order };
  const query = useQuery(auditQuery(accountId, { ...filters, cursor }));
  const pickers = (
    <>
      <Select
        label="Type"
        isLabelHidden
        value={type ?? ''}
        options={typeOptions}
        onPick={(value) => {
          set({ type: value });
        }}
      />
      <Select
        label="Order"
        isLabelHidden
        value={order}
        options={orderOptions}
        onPick={(value) => {
          set({ order: value });
        }}
      />
      <ExportLinks query={filters} />
    </>
  );
  return (
    <Card title="History" isFlush tools={pickers}>
      <Paged
        query={query}
        rowsOf={({ entries }) => entries}
        label="History of the key"
        what="entries"
        rowKey={({ position }) => position}
        columns={historyColumns}
        empty={
          <Empty
            title="No entry of this type"
            action={
              <Button
                onClick={() => {
                  set({ type: undefined });
                }}
              >
                Show the whole history
              </Button>
            }
          >
            This key has other entries.
          </Empty>
        }
      />
    </Card>
  );
}
