export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => React.ReactNode;
  readonly className?: string;
  /** Takes the row's heading, read out with each of its cells. */
  readonly isRowHeader?: boolean;
}

interface TableProps<Row> {
  /** Says what the table holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly isStale?: boolean;
}

/**
 * A table that becomes a list of cards on a phone. The roles are written out because the style sheet
 * changes `display` there, which would otherwise take the table's meaning away. What scrolls is a group
 * and no region: the card around it is the landmark already.
 */
export function Table<Row>({ label, columns, rows, rowKey, isStale = false }: TableProps<Row>) {
  return (
    <div className="table-scroll" role="group" aria-label={label} tabIndex={0} data-stale={isStale}>
      <table role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ id, title, className }) => (
              <th key={id} role="columnheader" scope="col" className={className}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" data-row={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const { title, cell, className, isRowHeader = false } = column;
  return isRowHeader ? (
    <th role="rowheader" scope="row" data-label={title} className={className}>
      {cell(row)}
    </th>
  ) : (
    <td role="cell" data-label={title} className={className}>
      {cell(row)}
    </td>
  );
}
