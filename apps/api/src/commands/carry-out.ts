import type { KeytrailEvent } from '@keytrail/domain';
import { handleCommand } from '@keytrail/event-store';
import type { Decider, EventContext, EventLog, RecordedEvent } from '@keytrail/event-store';
import { writeSynchronously } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';

/** What came of a command: the state that it leaves, or why it was refused. */
export type CommandOutcome<State, Refusal extends string> =
  { readonly ok: true; readonly state: State } | { readonly ok: false; readonly code: Refusal };

export interface Stores {
  readonly log: EventLog;
  readonly models: ReadModels;
  /** Resolves when no process answers from memory any more for what these events take away. */
  readonly forget?: (stream: readonly RecordedEvent[]) => Promise<void>;
}

/**
 * Handles one command. Once it resolves, every process knows what it has changed, as far as requests
 * are authenticated by it.
 */
export async function carryOut<Command, State, Event extends KeytrailEvent, Refusal extends string>(
  { log, models, forget }: Stores,
  decider: Decider<Command, State, Event, Refusal>,
  command: Command,
  context: EventContext,
): Promise<CommandOutcome<State, Refusal>> {
  const known = (await models.views.current()).progress;
  const { stream, ...outcome } = await handleCommand(log, decider, command, { context, known });
  // Also when nothing was appended: an earlier call may have crashed between its append and this write.
  await writeSynchronously(models, stream);
  await forget?.(await stream.after(''));
  return outcome;
}
