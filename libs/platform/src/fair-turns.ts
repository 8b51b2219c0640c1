import { Counts } from './counts.js';
import { FairQueue, QueueFullError } from './fair-queue.js';
import type { QueueBounds } from './fair-queue.js';

export interface FairTurnsOptions extends QueueBounds {
  /** How much work is done at the same time. */
  readonly atOnce: number;
  /** How much of it may be of one group; without it a group may do all. */
  readonly atOncePerGroup?: number;
  /** How long one waits for the turn at most, in milliseconds. */
  readonly waitMs: number;
  /** Makes the error for a turn that did not come in time; by default a QueueFullError. */
  readonly late?: () => Error;
}

interface Waiting {
  readonly group: string;
  readonly begin: () => void;
}

/** Some pieces of work at once; those that wait are taken from each group in turn. */
export class FairTurns {
  private running = 0;
  private readonly runningOf = new Counts();
  private readonly queue: FairQueue<Waiting>;

  constructor(private readonly options: FairTurnsOptions) {
    this.queue = new FairQueue(options);
  }

  /**
   * Does a piece of work when its turn has come.
   *
   * @throws QueueFullError when too many wait, ShareFullError when too many of the group do, and what
   *   `late` makes when the turn does not come in time: nothing was done
   */
  async take<Result>(group: string, work: () => Promise<Result>): Promise<Result> {
    if (this.running < this.options.atOnce && this.mayGo(group)) this.enter(group);
    else await this.turn(group);
    try {
      return await work();
    } finally {
      this.leave(group);
    }
  }

  private turn(group: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        group,
        begin: (): void => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.queue.add(group, waiting);
      const timer = setTimeout(() => {
        this.queue.remove(group, waiting);
        // Whether a group waits for itself or for a store that is silent cannot be known.
        reject(this.options.late?.() ?? new QueueFullError());
      }, this.options.waitMs);
    });
  }

  private readonly mayGo = (group: string): boolean =>
    this.runningOf.of(group) < (this.options.atOncePerGroup ?? Infinity);

  private enter(group: string): void {
    this.running += 1;
    this.runningOf.add(group);
  }

  private leave(group: string): void {
    this.running -= 1;
    this.runningOf.remove(group);
    const next = this.queue.take(this.mayGo, () => true);
    if (!next) return;
    this.enter(next.group);
    next.begin();
  }
}
