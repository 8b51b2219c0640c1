import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { keyQuery, seriesQuery } from '../../api/queries.js';
import { useFilters } from '../../ui/use-filters.js';
import { useSession } from '../../session/session.js';
import { buttonClass } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Empty, Loading, Problem } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { useProblem } from '../../ui/use-problem.js';
import { FILLS } from './fills.js';
import { type Range, type Series, startsOf, toSeries } from './series.js';
import { UsesChart } from './uses-chart.js';
import { UsesLegend } from './uses-legend.js';
import { UsesTable } from './uses-table.js';

interface UsesOverTimeProps {
  readonly range: Range;
  readonly keyId: string | undefined;
}

/** The uses of each key over the range: the chart, its legend, and the same as a table. */
export function UsesOverTime({ range, keyId }: UsesOverTimeProps) {
  const { query, starts, series, nameOf } = useUses(range, keyId);
  const { clear } = useFilters<'key'>();
  const problem = useProblem(query);
  const [place, setPlace] = useState<number | null>(null);
  if (problem !== null || query.data === undefined) {
    return (
      <Card title="Uses over time">
        {problem === null ? (
          <Loading />
        ) : (
          <Problem error={problem} onRetry={() => void query.refetch()} onClear={clear} />
        )}
      </Card>
    );
  }
  const total = series.reduce((sum, { total: uses }) => sum + uses, 0);
  const told = series.filter(({ apiKeyId }) => apiKeyId !== null).length;
  const keys = told === 1 ? '1 key' : `${told} keys`;
  const whose = told < series.length ? `${keys} and all others` : keys;
  const uses = total === 1 ? '1 use' : `${total.toLocaleString('en')} uses`;
  const label = `${uses} of ${whose}, ${range.title.toLowerCase()}`;
  return (
    <Card title="Uses over time" note={total > 0 && `${uses}, by ${range.bucket} in UTC`}>
      {total === 0 ? (
        <NoUses />
      ) : (
        <>
          <UsesChart
            label={`Bar chart: ${label}. The table beneath has the numbers.`}
            starts={starts}
            bucket={range.bucket}
            series={series}
            onPoint={setPlace}
          />
          <UsesLegend series={series} nameOf={nameOf} starts={starts} range={range} place={place} />
          <UsesTable series={series} nameOf={nameOf} starts={starts} range={range} label={label} />
        </>
      )}
    </Card>
  );
}

function useUses(range: Range, keyId: string | undefined) {
  const { accountId } = useSession();
  const now = useNow();
  const starts = useStarts(range, now);
  const from = new Date(starts[0] ?? now).toISOString();
  // One fill is left for all other keys together.
  const which = keyId === undefined ? { top: FILLS - 1 } : { apiKeyId: keyId };
  const query = useQuery(seriesQuery(accountId, { bucket: range.bucket, from, ...which }));
  const { data } = query;
  const series = useMemo(() => toSeries(data ?? { buckets: [] }, starts), [data, starts]);
  const ids = series.flatMap(({ apiKeyId }) => apiKeyId ?? []);
  const keys = useQueries({ queries: ids.map((id) => keyQuery(accountId, id)) });
  const names = new Map(ids.map((id, index) => [id, keys[index]?.data?.name ?? id]));
  const nameOf = ({ apiKeyId }: Series): string =>
    apiKeyId === null ? 'All other keys' : (names.get(apiKeyId) ?? apiKeyId);
  return { query, starts, series, nameOf };
}

/** The same array until the next hour or day begins, so that the chart is not drawn anew for nothing. */
function useStarts(range: Range, now: number): readonly number[] {
  const last = startsOf(range, now).at(-1) ?? now;
  return useMemo(() => startsOf(range, last), [range, last]);
}

function NoUses() {
  return (
    <Empty
      title="No uses in this time"
      action={
        <Link to="/quickstart" className={buttonClass()}>
          Open the quickstart
        </Link>
      }
    >
      Choose a longer range, or make a request with a key.
    </Empty>
  );
}
