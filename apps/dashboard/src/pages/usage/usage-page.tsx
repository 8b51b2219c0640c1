import { useQuery } from '@tanstack/react-query';
import { PAGE_SIZE, usageQuery } from '../../api/queries.js';
import { useFilters } from '../../ui/use-filters.js';
import { useSession } from '../../session/session.js';
import { Card } from '../../ui/card.js';
import { Select } from '../../ui/field.js';
import { KeyPicker } from '../../ui/key-picker.js';
import { PageHeader } from '../../ui/page-header.js';
import { Paged } from '../../ui/paged.js';
import { requestColumns } from '../transactions/request-columns.js';
import { NoRequests } from '../transactions/transactions-page.js';
import { isRangeName, ranges } from './series.js';
import { UnusedKeys } from './unused-keys.js';
import { UsesOverTime } from './uses-over-time.js';

const rangeOptions = Object.entries(ranges).map(([name, { title }]) => [name, title] as const);

export function UsagePage() {
  const { values, set } = useFilters<'range' | 'key' | 'cursor'>();
  const range = isRangeName(values.range) ? values.range : '7d';
  return (
    <>
      <PageHeader title="Usage">How often each key is used, and which are not.</PageHeader>
      <div className="filters filters-open" role="search" aria-label="Filter uses">
        <Select
          label="Time"
          value={range}
          options={rangeOptions}
          onPick={(name) => {
            set({ range: name });
          }}
        />
        <KeyPicker
          keyId={values.key}
          onPick={(key) => {
            set({ key });
          }}
        />
      </div>
      <UsesOverTime range={ranges[range]} keyId={values.key} />
      <UnusedKeys />
      <UseEvents keyId={values.key} cursor={values.cursor} />
    </>
  );
}

interface UseEventsProps {
  readonly keyId: string | undefined;
  readonly cursor: string | undefined;
}

function UseEvents({ keyId, cursor }: UseEventsProps) {
  const { accountId } = useSession();
  const { set } = useFilters<'key'>();
  const query = useQuery(usageQuery(accountId, { apiKeyId: keyId, limit: PAGE_SIZE / 2, cursor }));
  return (
    <Card title="Use events" isFlush note="Newest first.">
      <Paged
        query={query}
        rowsOf={({ events }) => events}
        label="Use events"
        what="use events"
        rowKey={({ id }) => id}
        columns={requestColumns}
        empty={
          <NoRequests
            isFiltered={Boolean(keyId ?? cursor)}
            onClear={() => {
              set({ key: undefined });
            }}
          />
        }
      />
    </Card>
  );
}
