import { setImmediate } from 'node:timers/promises';
import { MongoFault } from '../bson/errors.js';

/** A long statement lets others in after this time. */
const SLICE_MS = 2;

let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop of its own: of all long statements one goes on in each turn, so
 * that a short one waits for a single slice however many long ones there are.
 */
export function nextTurn(): Promise<unknown> {
  last = last.then(() => setImmediate());
  return last;
}

/** Work step by step: it may pause wherever it yields, and is told there whether it has. */
export type Work<Result> = Generator<unknown, Result, boolean>;

/** The time one statement takes: others have their turns in between, and it may have an end. */
export class Clock {
  #workedMs = 0;
  #begunAt = performance.now();

  /** @param limitMs of the work alone; the time a client takes between batches is its own */
  constructor(private readonly limitMs = Infinity) {}

  /**
   * Runs work to its end. Throws when the time is over.
   *
   * @param resumed called whenever the work goes on after a pause
   */
  async run<Result>(
    work: Work<Result>,
    sliceMs = SLICE_MS,
    resumed: () => void = () => undefined,
  ): Promise<Result> {
    this.#begunAt = performance.now();
    let sliceEnd = this.#begunAt + sliceMs;
    let step = work.next(false);
    while (step.done !== true) {
      const isOver = performance.now() > sliceEnd;
      if (isOver) {
        this.check();
        await nextTurn();
        resumed();
        sliceEnd = performance.now() + sliceMs;
      }
      step = work.next(isOver);
    }
    this.check();
    this.#workedMs += performance.now() - this.#begunAt;
    return step.value;
  }

  /** Throws when the time is over. */
  check(): void {
    if (this.#workedMs + performance.now() - this.#begunAt > this.limitMs) {
      throw new MongoFault(50, 'operation exceeded time limit');
    }
  }
}
