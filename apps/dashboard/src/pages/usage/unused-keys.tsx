import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../../api/http.js';
import type { Subject } from '../../api/queries.js';
import type { ApiKey, KeyPage } from '../../api/types.js';
import { useFilters } from '../../ui/use-filters.js';
import { useSession } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Select } from '../../ui/field.js';
import { KeyLink } from '../../ui/origin.js';
import { Empty, Loading, Problem } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { Time } from '../../ui/time.js';
import { DAY_MS } from '../../ui/time-text.js';
import { useNow } from '../../ui/use-now.js';
import { useProblem } from '../../ui/use-problem.js';

const PAGE = 100;
const PAGES_AT_ONCE = 5;
const FRESH_MS = 60_000;

const columns: readonly Column<ApiKey>[] = [
  {
    id: 'key',
    title: 'Key',
    isRowHeader: true,
    cell: ({ id, name, keyPrefix }) => <KeyLink id={id} name={name} prefix={keyPrefix} />,
  },
  {
    id: 'last-used',
    title: 'Last Used',
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className="muted">Never</span> : <Time at={lastUsedAt} />,
  },
  { id: 'created', title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

/** Active keys without a use for 30 or 90 days: candidates for revocation. */
export function UnusedKeys() {
  const { values, set } = useFilters<'unused'>();
  const days = values.unused === '90' ? 90 : 30;
  const now = useNow();
  const { query, looked, lookFurther } = useActiveKeys();
  const problem = useProblem(query);
  const unused = looked.filter(
    ({ lastUsedAt, createdAt }) => now - Date.parse(lastUsedAt ?? createdAt) > days * DAY_MS,
  );
  return (
    <Card
      title="Unused keys"
      isFlush
      note="Active keys nobody needs any more are candidates for revocation."
      tools={
        <Select
          label="Not used for"
          isLabelHidden
          value={String(days)}
          options={[
            ['30', 'Not used for 30 days'],
            ['90', 'Not used for 90 days'],
          ]}
          onPick={(value) => {
            set({ unused: value });
          }}
        />
      }
    >
      {query.isPending && problem === null && <Loading rows={2} />}
      {problem !== null && <Problem error={problem} onRetry={() => void query.refetch()} />}
      {query.data && unused.length > 0 && (
        <Table label="Unused keys" columns={columns} rows={unused} rowKey={({ id }) => id} />
      )}
      {query.data && unused.length === 0 && (
        <Empty title={`No key is unused for ${days} days`}>
          {looked.length === 0 ? 'There are no active keys.' : 'Nothing to do here.'}
        </Empty>
      )}
      {query.data && (
        <LookedAt
          looked={looked.length}
          active={query.data.pages.at(-1)?.activeCount ?? looked.length}
          onFurther={lookFurther}
        />
      )}
    </Card>
  );
}

function useActiveKeys() {
  const { accountId } = useSession();
  const query = useInfiniteQuery({
    queryKey: ['unused-keys' satisfies Subject, accountId],
    queryFn: ({ pageParam, signal }) =>
      call<KeyPage>('/v1/api-keys', {
        query: { status: 'Active', limit: PAGE, cursor: pageParam },
        signal,
        accountId,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const pages = data?.pages.length ?? 0;
  const isStretchUnfinished = pages % PAGES_AT_ONCE !== 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && isStretchUnfinished) void fetchNextPage();
  }, [hasNextPage, isFetching, isStretchUnfinished, fetchNextPage]);
  return {
    query,
    looked: data?.pages.flatMap(({ keys }) => keys) ?? [],
    lookFurther: hasNextPage && !isFetching ? () => void fetchNextPage() : null,
  };
}

interface LookedAtProps {
  readonly looked: number;
  readonly active: number;
  readonly onFurther: (() => void) | null;
}

/** Says how much of a long list the answer above rests on. */
function LookedAt({ looked, active, onFurther }: LookedAtProps) {
  if (looked >= active) return null;
  return (
    <div className="pager">
      <p className="note">
        Looked at the {looked.toLocaleString('en')} newest of {active.toLocaleString('en')} active
        keys.
      </p>
      <Button size="small" disabled={onFurther === null} onClick={() => onFurther?.()}>
        Look at older keys
      </Button>
    </div>
  );
}
