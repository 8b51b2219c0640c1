import { QueueFullError } from '@keytrail/platform';

export interface TurnOptions {
  /** How many are worked for at the same time. */
  readonly atOnce: number;
  /** The most who may wait; one more is turned away at once. */
  readonly maxWaiting: number;
  /** How long one waits at most, in milliseconds. */
  readonly waitMs: number;
}

/** A few at once, some who wait in the order in which they came, and nobody else. */
export class TurnsAtPasswords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: TurnOptions) {}

  /**
   * Does a piece of work when its turn has come.
   *
   * @throws QueueFullError when too many wait, or the turn does not come in time: nothing was done
   */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.options.atOnce) await this.turn();
    else this.running += 1;
    try {
      return await work();
    } finally {
      // Whoever comes next has the place of the one who leaves.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    const { waiting, options } = this;
    if (waiting.length >= options.maxWaiting) throw new QueueFullError();
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new QueueFullError());
      }, options.waitMs);
      waiting.push(begin);
    });
  }
}
