import type { WithdrawInvitation } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { changeAccount } from '../accounts/change-account.js';
import type { AccountResult } from '../accounts/change-account.js';
import { READ_MODELS } from '../stores/read-models.token.js';

export class WithdrawInvitationCommand extends Command<AccountResult> {
  constructor(
    readonly commandId: string,
    readonly data: WithdrawInvitation['data'],
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(WithdrawInvitationCommand)
export class WithdrawInvitationHandler implements ICommandHandler<WithdrawInvitationCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  execute({ commandId, data, context }: WithdrawInvitationCommand): Promise<AccountResult> {
    const command = { type: 'WithdrawInvitation', by: context.actor.id, data } as const;
    return changeAccount(this.log, this.models, command, { commandId, context });
  }
}
