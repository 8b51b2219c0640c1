import { decideKey, evolveKey, initialKeyState, keyStream } from '@keytrail/domain';
import type { CreateKey } from '@keytrail/domain';
import { EventLog, handleCommand } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import { writeInline } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { READ_MODELS } from '../stores/read-models.token.js';

export type CreateKeyResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'key_already_created' };

export class CreateKeyCommand extends Command<CreateKeyResult> {
  constructor(
    readonly commandId: string,
    readonly data: CreateKey['data'],
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(CreateKeyCommand)
export class CreateKeyHandler implements ICommandHandler<CreateKeyCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  async execute({ commandId, data, context }: CreateKeyCommand): Promise<CreateKeyResult> {
    const result = await handleCommand(this.log, {
      streamName: keyStream(data.keyId),
      initialState: initialKeyState,
      evolve: evolveKey,
      decide: (state) => decideKey({ type: 'CreateKey', data }, state),
      commandId,
      context,
      known: (await this.models.views.current()).progress,
    });
    if (!result.ok) return { ok: false, code: 'key_already_created' };
    await writeInline(this.models, result.history);
    return { ok: true };
  }
}
