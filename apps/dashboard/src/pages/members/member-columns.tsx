import type { Member, Role } from '../../api/types.js';
import { useMayChange, useSession } from '../../session/session.js';
import { Tag } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/field.js';
import type { Column } from '../../ui/table.js';
import { Time } from '../../ui/time.js';
import type { MemberChange } from './use-member-changes.js';

export const roleOptions = [
  ['owner', 'Owner'],
  ['reviewer', 'Reviewer'],
] as const satisfies readonly (readonly [Role, string])[];

const roleText = (role: Role): string => (role === 'owner' ? 'Owner' : 'Reviewer');

interface MemberActions {
  readonly members: readonly Member[];
  readonly onAsk: (change: MemberChange) => void;
}

/** Whether a member is the only owner, who can neither leave nor become a reviewer. */
export const isOnlyOwner = ({ role }: Member, members: readonly Member[]): boolean =>
  role === 'owner' && members.filter((member) => member.role === 'owner').length === 1;

export function useMemberColumns({ members, onAsk }: MemberActions): readonly Column<Member>[] {
  const mayChange = useMayChange();
  const { userId: ownId } = useSession();
  const columns: readonly Column<Member>[] = [
    {
      id: 'name',
      title: 'Name',
      isRowHeader: true,
      cell: ({ name, userId }) => (
        <span>
          {name} {userId === ownId && <Tag>You</Tag>}
        </span>
      ),
    },
    { id: 'email', title: 'Email', cell: ({ email }) => email },
    {
      id: 'role',
      title: 'Role',
      cell: (member) =>
        mayChange && !isOnlyOwner(member, members) ? (
          <Select
            label={`Role of ${member.email}`}
            isLabelHidden
            value={member.role}
            options={roleOptions}
            onPick={(role) => {
              onAsk({ kind: 'role', member, role: role as Role });
            }}
          />
        ) : (
          roleText(member.role)
        ),
    },
    { id: 'joined', title: 'Joined', cell: ({ joinedAt }) => <Time at={joinedAt} /> },
  ];
  return [
    ...columns,
    {
      id: 'action',
      title: 'Action',
      className: 'cell-action',
      cell: (member) =>
        (mayChange || member.userId === ownId) &&
        !isOnlyOwner(member, members) && (
          <Button
            variant="danger-quiet"
            size="small"
            onClick={() => {
              onAsk({ kind: 'removal', member });
            }}
          >
            {member.userId === ownId ? 'Leave' : 'Remove'}
            <span className="visually-hidden">
              {' '}
              {member.userId === ownId ? 'this account' : member.email}
            </span>
          </Button>
        ),
    },
  ];
}
