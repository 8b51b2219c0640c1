import type { Role } from '@keytrail/domain';
import type { CredentialDocument } from '../credentials/credentials.projection.js';
import type { InvitationDocument } from '../invitations/invitations.projection.js';
import type { MemberDocument } from '../members/members.projection.js';
import type { ReadModels } from '../common/keytrail-model.js';
import { neighbours } from '@keytrail/projections';

/** One thing that the active models know to be over, and that the log would bring back. */
export type TakenAway = { readonly accountId: string } & (
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'member'; readonly userId: string }
  | { readonly kind: 'role'; readonly userId: string; readonly role: Role }
  | { readonly kind: 'invitation'; readonly invitationId: string }
);

/** What was taken away after the log's copy was made: compares the active generations with the next ones. */
export async function* takenAway({ registry }: ReadModels): AsyncGenerator<TakenAway, void> {
  for await (const chunk of neighbours<CredentialDocument>(registry, 'credentials')) {
    for (const { active, next } of chunk) {
      const { _id: keyId, accountId, status } = active;
      if (status === 'Revoked' && next?.status === 'Active')
        yield { kind: 'key', accountId, keyId };
    }
  }
  for await (const chunk of neighbours<MemberDocument>(registry, 'members')) {
    for (const { active, next } of chunk) {
      const { accountId, userId, status, role } = active;
      if (next?.status !== 'Joined') continue;
      if (status === 'Removed') yield { kind: 'member', accountId, userId };
      else if (role !== next.role && role === 'reviewer')
        yield { kind: 'role', accountId, userId, role };
    }
  }
  for await (const chunk of neighbours<InvitationDocument>(registry, 'invitations')) {
    for (const { active, next } of chunk) {
      const { _id: invitationId, accountId, status } = active;
      if (status === 'Withdrawn' && next?.status === 'Pending')
        yield { kind: 'invitation', accountId, invitationId };
    }
  }
}
