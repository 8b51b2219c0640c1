/** Thrown at callers that a full queue turns away. */
export class QueueFullError extends Error {
  readonly code = 'queue_full';

  constructor() {
    super('Too many requests are waiting');
    this.name = 'QueueFullError';
  }
}

/** What is under way, if anything: resolves when its callers have gone on. */
export interface UnderWay {
  readonly underWay: Promise<void> | undefined;
}

export interface GatherOptions<Item> {
  /** The most items that one run takes. */
  readonly maxBatch: number;
  /** How large the items of one run may be together; one that is larger alone has a run of its own. */
  readonly maxSize?: number;
  readonly sizeOf?: (item: Item) => number;
  /** The most items that may wait; one more is turned away at once. */
  readonly maxWaiting: number;
  /** Where items come from: a first one waits for the rest of those that are on their way with it. */
  readonly source?: UnderWay;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while one run is under way, the next batch collects, and each caller gets the result
 * of its own item. One run at a time, in order. A first item waits for the end of the event loop's
 * turn, so that those that come in with it share its run instead of waiting for the next; and a run
 * that ends lets the next one go out before its callers go on, so that whoever carries it out does not
 * wait for them.
 */
export class Gatherer<Item, Result> implements UnderWay {
  private readonly queue: Waiting<Item, Result>[] = [];
  private running = false;
  private current: Promise<void> | undefined;

  /** @param run answers with one result per item, in the order of the items */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: GatherOptions<Item>,
  ) {}

  get underWay(): Promise<void> | undefined {
    return this.current;
  }

  /** @throws QueueFullError when `maxWaiting` items wait already */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.queue.length >= this.options.maxWaiting) {
        reject(new QueueFullError());
        return;
      }
      this.queue.push({ item, resolve, reject });
      if (!this.running) this.begin();
    });
  }

  private begin(): void {
    this.running = true;
    const runSoon = (): void => {
      setImmediate(() => {
        this.runNext();
      });
    };
    const { underWay } = this.options.source ?? {};
    if (underWay) void underWay.then(runSoon);
    else runSoon();
  }

  private runNext(): void {
    this.current = this.carryOut(this.nextBatch());
  }

  private nextBatch(): readonly Waiting<Item, Result>[] {
    const { maxBatch, maxSize = Infinity, sizeOf = () => 0 } = this.options;
    let count = 0;
    let size = 0;
    for (const { item } of this.queue) {
      size += sizeOf(item);
      if (count === maxBatch || (count > 0 && size > maxSize)) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  private async carryOut(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const settle = await outcomeOf(this.run, batch);
    if (this.queue.length === 0) {
      this.running = false;
      this.current = undefined;
    } else {
      this.runNext();
      await new Promise(setImmediate);
    }
    settle();
  }
}

/** Runs a batch and answers with what tells its callers. */
async function outcomeOf<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  batch: readonly Waiting<Item, Result>[],
): Promise<() => void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    return () => {
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    };
  } catch (error) {
    return () => {
      for (const { reject } of batch) reject(error);
    };
  }
}
