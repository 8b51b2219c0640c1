import { keyDecider } from '@keytrail/domain';
import type { KeyCommand, KeyRefusal, KeyState } from '@keytrail/domain';
import { EventLog } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { HeldCredentials } from '../stores/held-credentials.js';
import { READ_MODELS } from '../stores/tokens.js';
import { carryOut } from './carry-out.js';
import type { CommandOutcome, Stores } from './carry-out.js';

export type KeyOutcome = CommandOutcome<KeyState, KeyRefusal>;

/** Any command on one key. */
export class ChangeKey extends Command<KeyOutcome> {
  constructor(
    readonly command: KeyCommand,
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeKey)
export class ChangeKeyHandler implements ICommandHandler<ChangeKey> {
  private readonly stores: Stores;

  constructor(log: EventLog, @Inject(READ_MODELS) models: ReadModels, held: HeldCredentials) {
    this.stores = { log, models, forget: (stream) => held.forgetRevoked(stream) };
  }

  execute({ command, context }: ChangeKey): Promise<KeyOutcome> {
    return carryOut(this.stores, keyDecider, command, context);
  }
}
