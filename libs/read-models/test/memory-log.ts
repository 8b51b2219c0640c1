import type { EventBatch, LogPosition, RecordedEvent } from '@keytrail/event-store';
import { once } from 'node:events';
import type { Subscribe } from '../src/projector.js';

/** A log in memory that hands its events out as the subscription to a real one does. */
export class MemoryLog {
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

  readonly readHead = (): Promise<LogPosition | null> =>
    Promise.resolve(this.events.at(-1)?.position ?? null);

  readonly subscribe: Subscribe = (from, signal) => this.batches(from, signal);

  private async *batches(
    from: LogPosition | 'start',
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch, void, undefined> {
    const first = this.events.findIndex(
      ({ position }) => from === 'start' || position.commit > from.commit,
    );
    let next = first === -1 ? this.events.length : first;
    this.openSubscriptions += 1;
    try {
      while (!signal.aborted) {
        const events = this.events.slice(next, next + this.batchSize);
        next += events.length;
        const position = events.at(-1)?.position;
        if (position) yield { events, position };
        else await once(this.appended, 'appended', { signal }).catch(() => undefined);
      }
    } finally {
      this.openSubscriptions -= 1;
    }
  }
}
