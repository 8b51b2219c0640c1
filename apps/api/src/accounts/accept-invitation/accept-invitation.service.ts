import type { AccountRefusal } from '@keytrail/domain';
import type { EventContext } from '@keytrail/event-store';
import { findInvitationByToken } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { SignedInPerson } from '../../access/permission/identity.js';
import { listedMember } from '../common/member.dto.js';
import { ChangeAccount } from '../../commands/change-account.js';
import type { CommandOutcome } from '../../commands/carry-out.js';
import { SignIn } from '../../sessions/sign-in.js';
import { READ_MODELS } from '../../stores/tokens.js';
import type { JoinedAccount } from './accept-invitation.dto.js';

/** Finds the account of an invitation by its token, joins it, and makes it the person's current one. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly commands: CommandBus,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly signIn: SignIn,
  ) {}

  async accept(
    tokenHash: string,
    { userId, email, name }: SignedInPerson,
    context: EventContext,
  ): Promise<CommandOutcome<JoinedAccount, AccountRefusal>> {
    const invitation = await findInvitationByToken(await this.models.views.current(), tokenHash);
    if (!invitation) return { ok: false, code: 'invitation_not_found' };
    const { accountId, _id: invitationId } = invitation;
    const data = { accountId, invitationId, userId, email, name };
    const command = { type: 'AcceptInvitation', now: context.occurredAt, data } as const;
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) return outcome;
    await this.signIn.setCurrentAccount(userId, accountId);
    return { ok: true, state: { accountId, role: listedMember(outcome.state, userId).role } };
  }
}
