import { Link } from '@tanstack/react-router';
import type { ApiKey } from '../../api/types.js';
import { StatusBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Prefix } from '../../ui/prefix.js';
import type { Column } from '../../ui/table.js';
import { Time } from '../../ui/time.js';

interface Revoking {
  readonly onAsk: (key: ApiKey) => void;
  readonly busyId: string | null;
}

const read: readonly Column<ApiKey>[] = [
  {
    id: 'name',
    title: 'Name',
    isRowHeader: true,
    cell: ({ id, name }) => (
      <Link to="/audit/keys/$apiKeyId" params={{ apiKeyId: id }} className="row-link">
        {name}
      </Link>
    ),
  },
  {
    id: 'prefix',
    title: 'Prefix',
    cell: ({ keyPrefix }) => <Prefix of={keyPrefix} />,
  },
  {
    id: 'last-used',
    title: 'Last Used',
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className="muted">Never</span> : <Time at={lastUsedAt} />,
  },
  { id: 'status', title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
];

/** The columns of Issued Keys; without the last one for those who may not revoke. */
export function keyColumns(revoking: Revoking | null): readonly Column<ApiKey>[] {
  if (revoking === null) return read;
  return [
    ...read,
    {
      id: 'action',
      title: 'Action',
      className: 'cell-action',
      cell: (key) =>
        key.status === 'Active' && (
          <Button
            variant="danger-quiet"
            size="small"
            disabled={revoking.busyId === key.id}
            onClick={() => {
              revoking.onAsk(key);
            }}
          >
            Revoke<span className="visually-hidden"> {key.name}</span>
          </Button>
        ),
    },
  ];
}
