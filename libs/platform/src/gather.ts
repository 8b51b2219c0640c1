/** Thrown at callers that a full queue turns away. */
export class QueueFullError extends Error {
  readonly code = 'queue_full';

  constructor() {
    super('Too many requests are waiting');
    this.name = 'QueueFullError';
  }
}

export interface GatherOptions {
  /** The most items that one run takes. */
  readonly maxBatch: number;
  /** The most items that may wait; one more is turned away at once. */
  readonly maxWaiting: number;
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
 *
 * @param run answers with one result per item, in the order of the items
 * @throws QueueFullError from the returned function when `maxWaiting` items wait already
 */
export function gather<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { maxBatch, maxWaiting }: GatherOptions,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let running = false;

  async function runNext(): Promise<void> {
    const batch = queue.splice(0, maxBatch);
    const settle = await outcomeOf(run, batch);
    if (queue.length === 0) {
      running = false;
      settle();
    } else {
      void runNext();
      setImmediate(settle);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (queue.length >= maxWaiting) {
        reject(new QueueFullError());
        return;
      }
      queue.push({ item, resolve, reject });
      if (running) return;
      running = true;
      setImmediate(() => void runNext());
    });
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
