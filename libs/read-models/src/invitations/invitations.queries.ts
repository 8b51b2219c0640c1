import type { ReadView } from '../common/keytrail-model.js';
import type { InvitationDocument } from './invitations.projection.js';

/** An account's invitations that nobody has accepted or withdrawn, expired ones included, oldest first. */
export function listPendingInvitations(
  view: ReadView,
  accountId: string,
): Promise<InvitationDocument[]> {
  return invitationsOf(view)
    .find({ accountId, status: 'Pending' })
    .sort({ invitedAt: 1 })
    .toArray();
}

/** An invitation of this account, whatever its status. */
export function findInvitation(
  view: ReadView,
  accountId: string,
  invitationId: string,
): Promise<InvitationDocument | null> {
  return invitationsOf(view).findOne({ _id: invitationId, accountId });
}

/** The invitation a link stands for, whatever its status. @param tokenHash SHA-256, hexadecimal */
export function findInvitationByToken(
  view: ReadView,
  tokenHash: string,
): Promise<InvitationDocument | null> {
  return invitationsOf(view).findOne({ tokenHash });
}

const invitationsOf = (view: ReadView) => view.collection<InvitationDocument>('invitations');
