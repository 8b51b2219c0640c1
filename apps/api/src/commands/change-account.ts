import { accountDecider } from '@keytrail/domain';
import type { AccountCommand, AccountRefusal, OpenAccountState } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { READ_MODELS } from '../stores/tokens.js';
import { carryOut } from './carry-out.js';
import type { CommandOutcome, Stores } from './carry-out.js';

export type AccountOutcome = CommandOutcome<OpenAccountState, AccountRefusal>;

/** Any command on one account. */
export class ChangeAccount extends Command<AccountOutcome> {
  constructor(
    readonly command: AccountCommand,
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeAccount)
export class ChangeAccountHandler implements ICommandHandler<ChangeAccount> {
  private readonly stores: Stores;

  constructor(log: EventLog, @Inject(READ_MODELS) models: ReadModels) {
    this.stores = { log, models };
  }

  execute({ command, context }: ChangeAccount): Promise<AccountOutcome> {
    return changeAccount(this.stores, command, context);
  }
}

/** Handles one command on an account. */
export async function changeAccount(
  stores: Stores,
  command: AccountCommand,
  context: EventContext,
): Promise<AccountOutcome> {
  const outcome = await carryOut(stores, accountDecider, command, context);
  if (!outcome.ok) return outcome;
  const { state } = outcome;
  if (state.status === 'Open') return { ok: true, state };
  throw new Error(`${command.type} was accepted for an account that does not exist`);
}
