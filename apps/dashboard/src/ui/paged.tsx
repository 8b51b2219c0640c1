import type { UseQueryResult } from '@tanstack/react-query';
import { useFilters } from './use-filters.js';
import { Pager } from './pager.js';
import { Loading, Problem } from './states.js';
import { type Column, Table } from './table.js';
import { useProblem } from './use-problem.js';

interface PagedProps<Answer extends { readonly nextCursor: string | null }, Row> {
  readonly query: UseQueryResult<Answer>;
  readonly rowsOf: (answer: Answer) => readonly Row[];
  readonly label: string;
  readonly what: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly empty: React.ReactNode;
}

/** One page of a list from the server, in whichever state it is: loading, failed, empty or there. */
export function Paged<Answer extends { readonly nextCursor: string | null }, Row>(
  props: PagedProps<Answer, Row>,
) {
  const { query, rowsOf, label, what, columns, rowKey, empty } = props;
  const { clear } = useFilters<'cursor'>();
  const problem = useProblem(query);
  if (problem !== null) {
    return <Problem error={problem} onRetry={() => void query.refetch()} onClear={clear} />;
  }
  if (query.data === undefined) return <Loading />;
  const rows = rowsOf(query.data);
  return (
    <>
      {rows.length === 0 ? (
        empty
      ) : (
        <Table
          label={label}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          isStale={query.isPlaceholderData}
        />
      )}
      <Pager nextCursor={query.data.nextCursor} what={what} />
    </>
  );
}
