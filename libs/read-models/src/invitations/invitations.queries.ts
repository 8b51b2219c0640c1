import { readLimit } from '../common/read-limit.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { InvitationDocument } from './invitations.projection.js';

/** An account's invitations that can be accepted, oldest first. */
export function listOpenInvitations(
  view: ReadView,
  accountId: string,
  now: Date,
): Promise<InvitationDocument[]> {
  return invitationsOf(view)
    .find({ accountId, status: 'Pending', expiresAt: { $gt: now } }, readLimit)
    .sort({ invitedAt: 1 })
    .toArray();
}

/** An invitation of this account, whatever its status. */
export function findInvitation(
  view: ReadView,
  accountId: string,
  invitationId: string,
): Promise<InvitationDocument | null> {
  return invitationsOf(view).findOne({ _id: invitationId, accountId }, readLimit);
}

/** The invitation a link stands for, whatever its status. @param tokenHash SHA-256, hexadecimal */
export function findInvitationByToken(
  view: ReadView,
  tokenHash: string,
): Promise<InvitationDocument | null> {
  return invitationsOf(view).findOne({ tokenHash }, readLimit);
}

const invitationsOf = (view: ReadView) => view.collection<InvitationDocument>('invitations');
