import type { AccountRefusal, InviteMember } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { AccountNames } from '../accounts/account-names.js';
import { changeAccount } from '../accounts/change-account.js';
import { READ_MODELS } from '../stores/read-models.token.js';
import { InvitationMailer } from './invitation-mailer.js';

export type InviteMemberResult =
  | { readonly ok: true; readonly mailSent: boolean }
  | { readonly ok: false; readonly code: AccountRefusal };

export class InviteMemberCommand extends Command<InviteMemberResult> {
  constructor(
    readonly commandId: string,
    readonly data: InviteMember['data'],
    /** The link to hand over, which holds the token. */
    readonly url: string,
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(InviteMemberCommand)
export class InviteMemberHandler implements ICommandHandler<InviteMemberCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly names: AccountNames,
    private readonly mailer: InvitationMailer,
  ) {}

  async execute({
    commandId,
    data,
    url,
    context,
  }: InviteMemberCommand): Promise<InviteMemberResult> {
    const { actor } = context;
    const command = { type: 'InviteMember', by: actor.id, data } as const;
    const result = await changeAccount(this.log, this.models, command, { commandId, context });
    if (!result.ok) return { ok: false, code: result.code };
    const { invitationId, accountId, email: to, role, expiresAt } = data;
    const accountName = await this.names.nameOf(accountId);
    const invitedBy = actor.label;
    const mail = { invitationId, to, invitedBy, accountName, role, url, expiresAt };
    return { ok: true, mailSent: await this.mailer.send(mail) };
  }
}
