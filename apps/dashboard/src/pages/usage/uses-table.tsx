import { useState } from 'react';
import { type Column, Table } from '../../ui/table.js';
import type { Range, Series } from './series.js';

interface UsesTableProps {
  readonly series: readonly Series[];
  readonly nameOf: (series: Series) => string;
  readonly starts: readonly number[];
  readonly range: Range;
  readonly label: string;
}

interface Row {
  readonly start: number;
  readonly place: number;
}

const day = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

export const bucketTitle = (start: number, { bucket }: Range): string =>
  bucket === 'day'
    ? day.format(start)
    : `${day.format(start)}, ${new Date(start).toISOString().slice(11, 16)} UTC`;

/** The chart's numbers, newest first, of the hours or days that have any. */
export function UsesTable({ series, nameOf, starts, range, label }: UsesTableProps) {
  const [isOpen, setOpen] = useState(false);
  const rows = starts
    .map((start, place) => ({ start, place }))
    .filter(({ place }) => series.some(({ counts }) => (counts[place] ?? 0) > 0))
    .reverse();
  const columns: readonly Column<Row>[] = [
    {
      id: 'start',
      title: range.bucket === 'day' ? 'Day' : 'Hour',
      isRowHeader: true,
      cell: ({ start }) => bucketTitle(start, range),
    },
    ...series.map((one): Column<Row> => ({
      id: one.apiKeyId ?? 'others',
      title: nameOf(one),
      className: 'cell-number',
      cell: ({ place }) => (one.counts[place] ?? 0).toLocaleString('en'),
    })),
  ];
  return (
    <details
      className="as-table"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>The same as a table</summary>
      {isOpen && (
        <Table label={label} columns={columns} rows={rows} rowKey={({ start }) => String(start)} />
      )}
    </details>
  );
}
