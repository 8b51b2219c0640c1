import type { EventLog } from './event-log.js';
import { formatPosition } from './position.js';
import type { RecordedEvent } from './recorded-event.js';

type Events = readonly RecordedEvent[];

/** A stream as a command leaves it, read as far back as somebody asks. */
export interface StreamHistory {
  /** The events that the last command wrote, this or an earlier one; none of a stream without events. */
  readonly newest: Events;
  /**
   * The events after a position, in order; '' stands before all.
   *
   * @throws EventLogError `event_log_unavailable`
   */
  after(position: string): Promise<Events>;
}

/** How far a first look goes back beyond what is known; each further one goes twice as far. */
const FURTHER = 1_000n;

/**
 * The history of a stream of which the last events are known.
 *
 * @param recent all up to the end, or the last ones of them
 */
export function historyOf(
  log: Pick<EventLog, 'readStream'>,
  streamName: string,
  recent: Events,
): StreamHistory {
  const last = recent.at(-1);
  const firstOfLast = recent.findLastIndex(
    ({ context }) => context.causationId !== last?.context.causationId,
  );
  return {
    newest: recent.slice(firstOfLast + 1),
    after: async (position) => {
      let events = recent;
      for (let further = FURTHER; !reachesBack(events, position); further *= 2n) {
        const [first] = events;
        const from = (first?.revision ?? 0n) > further ? (first?.revision ?? 0n) - further : 0n;
        const read = await log.readStream(streamName, from);
        events = read.filter(({ revision }) => revision <= (last?.revision ?? -1n));
        if (from === 0n) break;
      }
      return eventsAfter(events, position);
    },
  };
}

const reachesBack = ([first]: Events, position: string): boolean =>
  first === undefined || first.revision === 0n || formatPosition(first.position) <= position;

/** Looked for from the end: what is new is little, however long the history. */
export function eventsAfter(events: Events, position: string): Events {
  let first = events.length;
  for (; first > 0; first -= 1) {
    const event = events[first - 1];
    if (event && formatPosition(event.position) <= position) break;
  }
  return events.slice(first);
}
