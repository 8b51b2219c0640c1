import type { KeytrailEvent, StreamName, StreamNameOf } from '@keytrail/domain';
import { eventId } from '@keytrail/platform';
import { EventLogError } from './errors.js';
import type { Appended } from './appender.js';
import type { EventLog } from './event-log.js';
import { comparePositions } from './position.js';
import type { EventContext, Progress, RecordedEvent } from './recorded-event.js';

/** What a decider makes of a command: events, or a refusal by code. */
export type Decision<Event extends KeytrailEvent, Refusal extends string> =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly code: Refusal };

export interface CommandOptions<State, Event extends KeytrailEvent, Refusal extends string> {
  readonly streamName: StreamNameOf<Event>;
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (state: State) => Decision<Event, Refusal>;
  /** Event ids follow from it, so that a repeated append is recognised. */
  readonly commandId: string;
  readonly context: EventContext;
  /** How far the read models were before the command: the log that they were made from is longer. */
  readonly known: Progress;
}

export type CommandResult<Event extends KeytrailEvent, Refusal extends string> =
  | {
      readonly ok: true;
      /** The events that this command caused; none when it changed nothing. */
      readonly events: readonly RecordedEvent<Event>[];
      /** Every event of the stream, those of this command included. */
      readonly history: readonly RecordedEvent<Event>[];
    }
  | {
      readonly ok: false;
      readonly code: Refusal;
      readonly history: readonly RecordedEvent<Event>[];
    };

const ATTEMPTS = 3;
const GIVE_UP_AFTER_MS = 1_800;

/**
 * Handles one command on one stream: load, decide, append at the revision that was read. A conflict
 * begins anew, three times at most.
 *
 * @throws EventLogError `event_log_unavailable`; `wrong_expected_revision` after the last attempt;
 *   `event_log_mismatch` when what was read or written is not in the log that is known
 */
export async function handleCommand<State, Event extends KeytrailEvent, Refusal extends string>(
  log: EventLog,
  options: CommandOptions<State, Event, Refusal>,
): Promise<CommandResult<Event, Refusal>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryCommand(log, options);
    } catch (error) {
      const conflict = error instanceof EventLogError && error.code === 'wrong_expected_revision';
      if (!conflict || attempt === ATTEMPTS) throw error;
    }
  }
}

async function tryCommand<State, Event extends KeytrailEvent, Refusal extends string>(
  log: EventLog,
  {
    streamName,
    initialState,
    evolve,
    decide,
    commandId,
    context,
    known,
  }: CommandOptions<State, Event, Refusal>,
): Promise<CommandResult<Event, Refusal>> {
  const [stream] = await Promise.all([log.readStream(streamName), log.verify(known)]);
  const history = stream as unknown as RecordedEvent<Event>[];
  const decision = decide(history.reduce<State>(evolve, initialState));
  if (!decision.ok) return { ok: false, code: decision.code, history };
  if (decision.events.length === 0) return { ok: true, events: [], history };

  const news = decision.events.map((event, index) => ({
    id: eventId(commandId, index),
    event,
    context,
  }));
  const expected = history.at(-1)?.revision ?? 'no_stream';
  const appended = await log.append<StreamName>(streamName, news, expected, {
    giveUpAfterMs: GIVE_UP_AFTER_MS,
  });
  if (known.last && comparePositions(appended.position, known.last.position) <= 0) throw shorter();
  const events = await recorded(log, streamName, news, appended);
  return { ok: true, events, history: [...history, ...events] };
}

/** The answer to an append tells the position of its last event only; of several, the log is asked. */
async function recorded<Event extends KeytrailEvent>(
  log: EventLog,
  streamName: string,
  news: readonly { id: string; event: Event; context: EventContext }[],
  { revision, position }: Appended,
): Promise<RecordedEvent<Event>[]> {
  const [only, ...others] = news;
  if (only && others.length === 0) {
    return [{ ...only.event, id: only.id, context: only.context, streamName, revision, position }];
  }
  const first = revision - BigInt(news.length - 1);
  const stream = (await log.readStream(streamName)) as unknown as RecordedEvent<Event>[];
  return stream.filter((event) => event.revision >= first && event.revision <= revision);
}

const shorter = (): EventLogError =>
  new EventLogError(
    'event_log_mismatch',
    'The event log is shorter than what was read from it before: it is another log, or an older copy of it',
  );
