import type { RecordedEvent } from './recorded-event.js';

/** A stream as it was at one moment. */
export interface KnownStream<State> {
  readonly state: State;
  /** Its last events, up to the one at which the state was so; perhaps all. */
  readonly recent: readonly RecordedEvent[];
}

interface Remembered {
  readonly stream: KnownStream<unknown>;
  /** What has made the state. */
  readonly decider: unknown;
  readonly events: number;
}

/** A shorter stream is read in a moment. */
const WORTH_IT = 100;
/** About 100 MB, if every event left something in the state of its stream. */
const MOST_EVENTS = 200_000;
/** Events are kept for whoever writes what the projector has not yet; the rest is in the state. */
const RECENT = 200;

/**
 * The states of the long streams on which this process has handled commands last, so that the next command
 * reads and folds only what came since. What is remembered decides nothing by itself: whoever goes on from
 * it reads the stream from its last event on, and appends at the revision that is found.
 */
export class RememberedStreams {
  private readonly streams = new Map<string, Remembered>();
  private events = 0;

  get<State>(streamName: string, decider: unknown): KnownStream<State> | undefined {
    const found = this.streams.get(streamName);
    return found?.decider === decider ? (found?.stream as KnownStream<State>) : undefined;
  }

  set<State>(streamName: string, decider: unknown, { state, recent }: KnownStream<State>): void {
    this.forget(streamName);
    const events = Number(recent.at(-1)?.revision ?? -1n) + 1;
    if (events < WORTH_IT) return;
    const stream = { state, recent: recent.slice(-RECENT) };
    this.streams.set(streamName, { stream, decider, events });
    this.events += events;
    // The one that was used least lately stands first.
    for (const [longUnused] of this.streams) {
      if (this.events <= MOST_EVENTS) break;
      this.forget(longUnused);
    }
  }

  private forget(streamName: string): void {
    this.events -= this.streams.get(streamName)?.events ?? 0;
    this.streams.delete(streamName);
  }
}
