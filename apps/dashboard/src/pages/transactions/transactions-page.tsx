import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { transactionsQuery } from '../../api/queries.js';
import { useFilters } from '../../ui/use-filters.js';
import { useSession } from '../../session/session.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { InstantField } from '../../ui/instant-field.js';
import { KeyPicker } from '../../ui/key-picker.js';
import { PageHeader } from '../../ui/page-header.js';
import { Paged } from '../../ui/paged.js';
import { Empty } from '../../ui/states.js';
import { requestColumns } from './request-columns.js';

export function TransactionsPage() {
  const { accountId } = useSession();
  const { values, set } = useFilters<'key' | 'from' | 'to' | 'cursor'>();
  const { key, from, to, cursor } = values;
  const query = useQuery(transactionsQuery(accountId, { apiKeyId: key, from, to, cursor }));
  const isFiltered = Boolean(key ?? from ?? to ?? cursor);
  const clear = (): void => {
    set({ key: undefined, from: undefined, to: undefined });
  };
  return (
    <>
      <PageHeader title="Transactions">
        The request log: which key made each request, newest first.
      </PageHeader>
      <Card title="Requests" isFlush>
        <div className="filters" role="search" aria-label="Filter requests">
          <KeyPicker
            keyId={key}
            onPick={(picked) => {
              set({ key: picked });
            }}
          />
          <InstantField
            label="From"
            value={from}
            onPick={(picked) => {
              set({ from: picked });
            }}
          />
          <InstantField
            label="Before"
            value={to}
            onPick={(picked) => {
              set({ to: picked });
            }}
          />
          <Button variant="quiet" disabled={!isFiltered} onClick={clear}>
            Clear filters
          </Button>
        </div>
        <Paged
          query={query}
          rowsOf={({ transactions }) => transactions}
          label="Requests"
          what="requests"
          rowKey={({ id }) => id}
          columns={requestColumns}
          empty={<NoRequests isFiltered={isFiltered} onClear={clear} />}
        />
      </Card>
    </>
  );
}

interface NoRequestsProps {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

export function NoRequests({ isFiltered, onClear }: NoRequestsProps) {
  return isFiltered ? (
    <Empty title="No request matches" action={<Button onClick={onClear}>Clear filters</Button>}>
      Choose another key or a longer time.
    </Empty>
  ) : (
    <Empty
      title="No requests yet"
      action={
        <Link to="/quickstart" className={buttonClass()}>
          Open the quickstart
        </Link>
      }
    >
      Make one with a key and it appears here within two seconds.
    </Empty>
  );
}
