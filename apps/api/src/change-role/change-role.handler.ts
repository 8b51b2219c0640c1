import type { AccountRefusal, ChangeMemberRole } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import { findMember } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { changeAccount } from '../accounts/change-account.js';
import { toListedMember } from '../accounts/member.dto.js';
import type { ListedMember } from '../accounts/member.dto.js';
import { READ_MODELS } from '../stores/read-models.token.js';

export type ChangeRoleResult =
  | { readonly ok: true; readonly member: ListedMember }
  | { readonly ok: false; readonly code: AccountRefusal };

export class ChangeRoleCommand extends Command<ChangeRoleResult> {
  constructor(
    readonly commandId: string,
    readonly data: ChangeMemberRole['data'],
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeRoleCommand)
export class ChangeRoleHandler implements ICommandHandler<ChangeRoleCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  async execute({ commandId, data, context }: ChangeRoleCommand): Promise<ChangeRoleResult> {
    const command = { type: 'ChangeMemberRole', by: context.actor.id, data } as const;
    const result = await changeAccount(this.log, this.models, command, { commandId, context });
    if (!result.ok) return { ok: false, code: result.code };
    const { accountId, userId } = data;
    const member = await findMember(await this.models.views.current(), accountId, userId);
    // Removed by somebody else in the moment between the change and this look.
    if (!member) return { ok: false, code: 'member_not_found' };
    return { ok: true, member: toListedMember(member) };
  }
}
