import {
  type EventBatch,
  EventLogError,
  type Progress,
  type RecordedEvent,
} from '@keytrail/event-store';
import { once } from 'node:events';
import type { EventSource } from '@keytrail/projections';
import { progressAt } from './events.js';

/** A log in memory that hands its events out as the subscription to a real one does. */
export class MemoryLog implements EventSource {
  private readonly events: RecordedEvent[] = [];
  private readonly appended = new EventTarget();
  /** How many subscriptions have begun and not ended. */
  openSubscriptions = 0;

  constructor(private readonly batchSize = 3) {}

  append(...events: readonly RecordedEvent[]): void {
    this.events.push(...events);
    this.appended.dispatchEvent(new Event('appended'));
  }

  get all(): readonly RecordedEvent[] {
    return this.events;
  }

  readonly head = (): Promise<Progress> => Promise.resolve(progressAt(this.events.at(-1)));

  verify({ last }: Progress): Promise<void> {
    const isThere = !last || this.events.some(({ id }) => id === last.eventId);
    return isThere
      ? Promise.resolve()
      : Promise.reject(new EventLogError('event_log_mismatch', 'Another log'));
  }

  async *subscribe(
    { last }: Progress,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch, void, undefined> {
    const first = this.events.findIndex(
      ({ position }) => last === null || position.commit > last.position.commit,
    );
    let next = first === -1 ? this.events.length : first;
    this.openSubscriptions += 1;
    try {
      while (!signal.aborted) {
        const events = this.events.slice(next, next + this.batchSize);
        next += events.length;
        if (events.length > 0) yield { events, progress: progressAt(events.at(-1)) };
        else await once(this.appended, 'appended', { signal }).catch(() => undefined);
      }
    } finally {
      this.openSubscriptions -= 1;
    }
  }
}

/** A log that holds these events. */
export function logOf(...events: readonly RecordedEvent[]): MemoryLog {
  const log = new MemoryLog(50);
  log.append(...events);
  return log;
}
