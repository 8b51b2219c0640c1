import { setImmediate } from 'node:timers/promises';
import { MongoFault } from './errors.js';

/** A long statement lets others in after this time. */
const SLICE_MS = 2;
/** Steps between two looks at the clock. */
const CHECK_EVERY = 16;

let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop of its own: of all long statements one goes on in each turn, so
 * that a short one waits for a single slice however many long ones there are.
 */
export function nextTurn(): Promise<unknown> {
  last = last.then(() => setImmediate());
  return last;
}

/** The time one statement takes: others have their turns in between, and it may have an end. */
export class Clock {
  #workedMs = 0;
  #begunAt = 0;
  #sliceEnd = 0;
  #steps = 0;

  /** @param limitMs of the work alone; the time a client takes between batches is its own */
  constructor(private readonly limitMs = Infinity) {}

  /** Work begins, or goes on after a rest. */
  begin(): void {
    this.#begunAt = performance.now();
    this.#sliceEnd = this.#begunAt + SLICE_MS;
  }

  end(): void {
    this.#workedMs += performance.now() - this.#begunAt;
  }

  /** One step is done; true when it is time to pause. */
  step(): boolean {
    this.#steps += 1;
    return this.#steps % CHECK_EVERY === 0 && performance.now() > this.#sliceEnd;
  }

  /** Lets others have their turns. Throws when the time is over. */
  async pause(): Promise<void> {
    this.check();
    await nextTurn();
    this.#sliceEnd = performance.now() + SLICE_MS;
  }

  /** Throws when the time is over. */
  check(): void {
    if (this.#workedMs + performance.now() - this.#begunAt > this.limitMs) {
      throw new MongoFault(50, 'operation exceeded time limit');
    }
  }
}
