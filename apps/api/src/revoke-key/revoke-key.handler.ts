import { decideKey, evolveKey, initialKeyState, keyStream } from '@keytrail/domain';
import type { RevokeKey } from '@keytrail/domain';
import { EventLog, handleCommand } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import { writeInline } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import { READ_MODELS } from '../stores/read-models.token.js';

export type RevokeKeyResult =
  | { readonly ok: true; readonly revokedAt: string }
  | { readonly ok: false; readonly code: 'key_not_found' };

export class RevokeKeyCommand extends Command<RevokeKeyResult> {
  constructor(
    readonly commandId: string,
    readonly data: RevokeKey['data'],
    readonly context: EventContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeKeyCommand)
export class RevokeKeyHandler implements ICommandHandler<RevokeKeyCommand> {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  async execute({ commandId, data, context }: RevokeKeyCommand): Promise<RevokeKeyResult> {
    const result = await handleCommand(this.log, {
      streamName: keyStream(data.keyId),
      initialState: initialKeyState,
      evolve: evolveKey,
      decide: (state) => decideKey({ type: 'RevokeKey', data }, state),
      commandId,
      context,
      known: (await this.models.views.current()).progress,
    });
    if (!result.ok) return { ok: false, code: 'key_not_found' };
    // Also when nothing was appended: an earlier call may have crashed between its append and this write.
    await writeInline(this.models, result.history);
    const revoked = result.history.find(({ type }) => type === 'KeyRevoked');
    return { ok: true, revokedAt: revoked?.context.occurredAt ?? context.occurredAt };
  }
}
