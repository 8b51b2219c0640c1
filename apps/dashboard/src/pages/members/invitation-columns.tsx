import type { Invitation } from '../../api/types.js';
import { useMayChange } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import type { Column } from '../../ui/table.js';
import { Time } from '../../ui/time.js';
import type { MemberChange } from './use-member-changes.js';

const read: readonly Column<Invitation>[] = [
  { id: 'email', title: 'Email', isRowHeader: true, cell: ({ email }) => email },
  {
    id: 'role',
    title: 'Role',
    cell: ({ role }) => (role === 'owner' ? 'Owner' : 'Reviewer'),
  },
  {
    id: 'invited',
    title: 'Invited',
    cell: ({ invitedAt, invitedBy }) => (
      <span>
        <Time at={invitedAt} /> by {invitedBy}
      </span>
    ),
  },
  { id: 'expires', title: 'Expires', cell: ({ expiresAt }) => <Time at={expiresAt} /> },
];

export function useInvitationColumns(
  onAsk: (change: MemberChange) => void,
): readonly Column<Invitation>[] {
  const mayChange = useMayChange();
  if (!mayChange) return read;
  return [
    ...read,
    {
      id: 'action',
      title: 'Action',
      className: 'cell-action',
      cell: (invitation) => (
        <Button
          variant="danger-quiet"
          size="small"
          onClick={() => {
            onAsk({ kind: 'withdrawal', invitation });
          }}
        >
          Withdraw<span className="visually-hidden"> the invitation of {invitation.email}</span>
        </Button>
      ),
    },
  ];
}
