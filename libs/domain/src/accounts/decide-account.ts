import type { AccountCommand, OpenAccount } from './account-commands.js';
import type { AccountState, OpenAccountState } from './account-state.js';
import { acceptInvitation, inviteMember, withdrawInvitation } from './decide-invitations.js';
import { changeMemberRole, isOwner, removeMember, renameMember } from './decide-members.js';
import { accept, refuse } from './decision.js';
import type { AccountDecision } from './decision.js';

/**
 * Decides what a command does to an account. A command that is done already changes nothing: `[]`.
 * What only owners may do is decided by the account's own history: whoever lost the role while the
 * request was under way is refused.
 */
export function decideAccount(command: AccountCommand, state: AccountState): AccountDecision {
  if (command.type === 'OpenAccount') {
    return state.status === 'NotExisting' ? openAccount(command) : accept();
  }
  if (state.status === 'NotExisting') return refuse('account_not_found');
  const by = 'by' in command ? command.by : null;
  const isLeaving = command.type === 'RemoveMember' && by === command.data.userId;
  if (by !== null && !isLeaving && !isOwner(by, state)) return refuse('insufficient_role');
  return decideOpen(command, state);
}

function decideOpen(
  command: Exclude<AccountCommand, OpenAccount>,
  state: OpenAccountState,
): AccountDecision {
  switch (command.type) {
    case 'InviteMember':
      return inviteMember(command, state);
    case 'WithdrawInvitation':
      return withdrawInvitation(command, state);
    case 'AcceptInvitation':
      return acceptInvitation(command, state);
    case 'ChangeMemberRole':
      return changeMemberRole(command, state);
    case 'RenameMember':
      return renameMember(command, state);
    case 'RemoveMember':
      return removeMember(command, state);
    default:
      return command satisfies never;
  }
}

function openAccount({ data: { accountId, name, owner } }: OpenAccount): AccountDecision {
  const joined = { accountId, ...owner, role: 'owner', invitationId: null } as const;
  return accept(
    { type: 'AccountOpened', data: { accountId, name } },
    { type: 'MemberJoined', data: joined },
  );
}
