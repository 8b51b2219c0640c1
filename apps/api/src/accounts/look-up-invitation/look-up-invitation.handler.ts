import type { AccountRefusal } from '@keytrail/domain';
import { findInvitationByToken } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { AccountNames } from '../common/account-names.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import type { InvitationPreview } from './look-up-invitation.dto.js';

export type LookUpInvitationResult =
  | { readonly ok: true; readonly invitation: InvitationPreview }
  | { readonly ok: false; readonly code: AccountRefusal };

export class LookUpInvitation extends Query<LookUpInvitationResult> {
  constructor(
    readonly tokenHash: string,
    readonly now: Date,
  ) {
    super();
  }
}

@QueryHandler(LookUpInvitation)
export class LookUpInvitationHandler implements IQueryHandler<LookUpInvitation> {
  constructor(
    private readonly reads: ConsistentReads,
    private readonly names: AccountNames,
  ) {}

  async execute({ tokenHash, now }: LookUpInvitation): Promise<LookUpInvitationResult> {
    const found = await findInvitationByToken(await this.reads.now(), tokenHash);
    if (found?.status !== 'Pending') return { ok: false, code: 'invitation_not_found' };
    if (now >= found.expiresAt) return { ok: false, code: 'invitation_expired' };
    const { accountId, email, role } = found;
    const accountName = await this.names.nameOf(accountId);
    return { ok: true, invitation: { accountName, email, role } };
  }
}
