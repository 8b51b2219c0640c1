import type { KeytrailEvent, StreamName, StreamNameOf } from '@keytrail/domain';
import { eventId } from '@keytrail/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { EventLogError } from './errors.js';
import type { Appended } from './appender.js';
import type { NewEvent } from './codec.js';
import type { EventLog } from './event-log.js';
import { comparePositions } from './position.js';
import type { EventContext, Progress, RecordedEvent } from './recorded-event.js';
import { type KnownStream, RememberedStreams } from './remembered-streams.js';
import { historyOf, type StreamHistory } from './stream-history.js';
import { Turns } from './turns.js';

/** What a decider makes of a command: events, or a refusal by code. */
export type Decision<Event extends KeytrailEvent, Refusal extends string> =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly code: Refusal };

/** The pure part of handling commands on one kind of stream. */
export interface Decider<Command, State, Event extends KeytrailEvent, Refusal extends string> {
  readonly streamOf: (command: Command) => StreamNameOf<Event>;
  readonly initialState: State;
  /** The state after further events. */
  readonly fold: (state: State, events: readonly RecordedEvent<Event>[]) => State;
  readonly decide: (command: Command, state: State) => Decision<Event, Refusal>;
}

export interface CommandOptions {
  /** Its `causationId` is of this command alone: event ids follow from it, so that a repeated append is recognised. */
  readonly context: EventContext;
  /** How far the read models were before the command: the log that they were made from is longer. */
  readonly known: Progress;
}

/** What came of a command, with the events of its stream: for whoever writes read models, and nobody else. */
export type CommandResult<State, Refusal extends string> = { readonly stream: StreamHistory } & (
  | {
      readonly ok: true;
      /** As the command leaves it, also when it changed nothing. */
      readonly state: State;
    }
  | { readonly ok: false; readonly code: Refusal }
);

const GIVE_UP_AFTER_MS = 1_800;
/** Other processes are as many who write at the same moment: one of them comes through each time. */
const ATTEMPTS = 20;
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 120;
const TURNS = { maxWaiting: 200, waitMs: 5_000 };

/** What the commands of one process on one log share. */
interface Shared {
  readonly turns: Turns;
  readonly remembered: RememberedStreams;
}

const sharedOf = new WeakMap<EventLog, Shared>();

/**
 * Handles one command on one stream: load, decide, append at the revision that was read. Commands of one
 * process on one stream take turns. A conflict with another process begins anew, so that commands that do
 * not contradict each other all succeed; what a decision makes of what came before it is its own affair.
 *
 * @throws EventLogError `event_log_unavailable`; `wrong_expected_revision` after the last attempt;
 *   `event_log_mismatch` when what was read or written is not in the log that is known; QueueFullError
 *   when too many commands wait for the stream
 */
export function handleCommand<Command, State, Event extends KeytrailEvent, Refusal extends string>(
  log: EventLog,
  decider: Decider<Command, State, Event, Refusal>,
  command: Command,
  options: CommandOptions,
): Promise<CommandResult<State, Refusal>> {
  const shared = sharedOf.get(log) ?? {
    turns: new Turns(TURNS),
    remembered: new RememberedStreams(),
  };
  sharedOf.set(log, shared);
  const { turns, remembered } = shared;
  return turns.take(decider.streamOf(command), async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await tryCommand({ log, remembered }, decider, command, options);
      } catch (error) {
        const isConflict =
          error instanceof EventLogError && error.code === 'wrong_expected_revision';
        if (!isConflict || attempt === ATTEMPTS) throw error;
      }
      await pause(jitter(attempt));
    }
  });
}

/** Somewhere up to a limit that doubles: those who met once shall not meet again. */
const jitter = (attempt: number): number =>
  Math.random() * Math.min(SHORTEST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);

interface Known {
  readonly log: EventLog;
  readonly remembered: RememberedStreams;
}

async function tryCommand<Command, State, Event extends KeytrailEvent, Refusal extends string>(
  { log, remembered }: Known,
  decider: Decider<Command, State, Event, Refusal>,
  command: Command,
  { context, known }: CommandOptions,
): Promise<CommandResult<State, Refusal>> {
  const streamName: StreamName = decider.streamOf(command);
  const [found] = await Promise.all([
    load({ log, remembered }, decider, streamName),
    log.verify(known),
  ]);
  remembered.set(streamName, decider, found);
  const stream = historyOf(log, streamName, found.recent);
  const decision = decider.decide(command, found.state);
  if (!decision.ok) return { ok: false, code: decision.code, stream };
  if (decision.events.length === 0) return { ok: true, state: found.state, stream };

  const news = decision.events.map((event, index) => ({
    id: eventId(context.causationId, index),
    event,
    context,
  }));
  const expected = found.recent.at(-1)?.revision ?? 'no_stream';
  const appended = await log.append<StreamName>(streamName, news, expected, {
    giveUpAfterMs: GIVE_UP_AFTER_MS,
  });
  if (known.last && comparePositions(appended.position, known.last.position) <= 0) throw shorter();
  const left = further(decider, found, await recorded(log, streamName, news, appended));
  remembered.set(streamName, decider, left);
  return { ok: true, state: left.state, stream: historyOf(log, streamName, left.recent) };
}

type Folding<State, Event extends KeytrailEvent> = Pick<
  Decider<never, State, Event, string>,
  'initialState' | 'fold'
>;

/**
 * The stream as it is now. One that is remembered is read from its last known event on: when that does not
 * stand there any more, another log is in its place, and all is read.
 */
async function load<State, Event extends KeytrailEvent>(
  { log, remembered }: Known,
  decider: Folding<State, Event>,
  streamName: StreamName,
): Promise<KnownStream<State>> {
  const known = remembered.get<State>(streamName, decider);
  const last = known?.recent.at(-1);
  if (known && last) {
    const [same, ...news] = await log.readStream(streamName, last.revision);
    if (same?.id === last.id) return further(decider, known, news);
  }
  const beginning = { state: decider.initialState, recent: [] };
  return further(decider, beginning, await log.readStream(streamName));
}

const further = <State, Event extends KeytrailEvent>(
  { fold }: Folding<State, Event>,
  { state, recent }: KnownStream<State>,
  news: readonly RecordedEvent[],
): KnownStream<State> =>
  news.length === 0
    ? { state, recent }
    : { state: fold(state, ofDecider(news)), recent: [...recent, ...news] };

/** Deciders pass over events that they do not know, which another program may have written. */
const ofDecider = <Event extends KeytrailEvent>(
  events: readonly RecordedEvent[],
): readonly RecordedEvent<Event>[] => events as unknown as readonly RecordedEvent<Event>[];

/** The answer to an append tells the position of its last event only; those of several are read back. */
async function recorded(
  log: EventLog,
  streamName: string,
  news: readonly NewEvent[],
  { revision, position }: Appended,
): Promise<readonly RecordedEvent[]> {
  const [only, ...others] = news;
  if (only && others.length === 0) {
    return [{ ...only.event, id: only.id, context: only.context, streamName, revision, position }];
  }
  const first = revision - BigInt(news.length - 1);
  const since = await log.readStream(streamName, first);
  return since.filter((event) => event.revision <= revision);
}

const shorter = (): EventLogError =>
  new EventLogError(
    'event_log_mismatch',
    'The event log is shorter than what was read from it before: it is another log, or an older copy of it',
  );
