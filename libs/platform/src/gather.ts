import { FairQueue } from './fair-queue.js';
import type { QueueBounds } from './fair-queue.js';

/** What is under way, if anything: resolves when its callers have gone on. */
export interface UnderWay {
  readonly underWay: Promise<void> | undefined;
}

export interface GatherOptions<Item> extends QueueBounds {
  /** The most items that one run takes. */
  readonly maxBatch: number;
  /** How large the items of one run may be together; one that is larger alone has a run of its own. */
  readonly maxSize?: number;
  readonly sizeOf?: (item: Item) => number;
  /** Whose an item is: those who wait are taken from each group in turn. */
  readonly groupOf?: (item: Item) => string;
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
  private readonly queue: FairQueue<Waiting<Item, Result>>;
  private running = false;
  private current: Promise<void> | undefined;

  /** @param run answers with one result per item, in the order of the items */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: GatherOptions<Item>,
  ) {
    this.queue = new FairQueue(options);
  }

  get underWay(): Promise<void> | undefined {
    return this.current;
  }

  /** @throws QueueFullError when too many items wait already, ShareFullError when too many of its group do */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.queue.add(this.options.groupOf?.(item) ?? '', { item, resolve, reject });
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
    const batch: Waiting<Item, Result>[] = [];
    let size = 0;
    const fits = ({ item }: Waiting<Item, Result>): boolean =>
      batch.length === 0 || size + sizeOf(item) <= maxSize;
    while (batch.length < maxBatch) {
      const next = this.queue.take(everyGroup, fits);
      if (!next) break;
      size += sizeOf(next.item);
      batch.push(next);
    }
    return batch;
  }

  private async carryOut(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const settle = await outcomeOf(this.run, batch);
    if (this.queue.size === 0) {
      this.running = false;
      this.current = undefined;
    } else {
      this.runNext();
      await new Promise(setImmediate);
    }
    settle();
  }
}

const everyGroup = (): boolean => true;

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
