import { QueueFullError } from '@keytrail/platform';

export interface TurnOptions {
  /** The most who may wait for one key; one more is turned away at once. */
  readonly maxWaiting: number;
  /** How long one waits for the turn, in milliseconds. */
  readonly waitMs: number;
}

interface Waiting {
  readonly begin: () => void;
}

/** One at a time for each key, in the order in which they came. */
export class Turns {
  private readonly queues = new Map<string, Waiting[]>();

  constructor(private readonly options: TurnOptions) {}

  /**
   * Does a piece of work once all those before it have ended, however they ended.
   *
   * @throws QueueFullError when too many wait, or the turn does not come in time: nothing was done
   */
  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    await this.turnOf(key);
    try {
      return await work();
    } finally {
      this.next(key);
    }
  }

  private async turnOf(key: string): Promise<void> {
    const queue = this.queues.get(key);
    if (!queue) {
      this.queues.set(key, []);
      return;
    }
    if (queue.length >= this.options.maxWaiting) throw new QueueFullError();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(new QueueFullError());
      }, this.options.waitMs);
      queue.push(waiting);
    });
  }

  private next(key: string): void {
    const waiting = this.queues.get(key)?.shift();
    if (waiting) waiting.begin();
    else this.queues.delete(key);
  }
}
