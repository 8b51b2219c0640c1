import type { AccountRefusal } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import { findInvitationByToken, findMember } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { SignedInPerson } from '../access/identity.js';
import { changeAccount } from '../accounts/change-account.js';
import { SignIn } from '../sign-in/sign-in.js';
import { READ_MODELS } from '../stores/read-models.token.js';
import type { JoinedAccount } from './accept-invitation.dto.js';

export type AcceptInvitationResult =
  | { readonly ok: true; readonly joined: JoinedAccount }
  | { readonly ok: false; readonly code: AccountRefusal };

export class AcceptInvitationCommand extends Command<AcceptInvitationResult> {
  constructor(
    readonly commandId: string,
    readonly tokenHash: string,
    readonly person: SignedInPerson,
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(AcceptInvitationCommand)
export class AcceptInvitationHandler implements ICommandHandler<AcceptInvitationCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly signIn: SignIn,
  ) {}

  async execute(command: AcceptInvitationCommand): Promise<AcceptInvitationResult> {
    const { commandId, tokenHash, context, person } = command;
    const { userId, email, name } = person;
    const view = await this.models.views.current();
    const invitation = await findInvitationByToken(view, tokenHash);
    if (!invitation) return { ok: false, code: 'invitation_not_found' };
    const { accountId, _id: invitationId } = invitation;
    const data = { accountId, invitationId, userId, email, name };
    const result = await changeAccount(
      this.log,
      this.models,
      { type: 'AcceptInvitation', now: context.occurredAt, data },
      { commandId, context },
    );
    if (!result.ok) return { ok: false, code: result.code };
    const member = await findMember(await this.models.views.current(), accountId, userId);
    if (!member) return { ok: false, code: 'invitation_not_found' };
    await this.signIn.setCurrentAccount(userId, accountId);
    return { ok: true, joined: { accountId, role: member.role } };
  }
}
