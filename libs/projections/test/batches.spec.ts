import type { EventBatch } from '@keytrail/event-store';
import { recorded } from '@keytrail/testing';
import { orTicks } from '../src/batches.js';
import { used } from './items.js';

const batchAt = (commit: number, ...events: EventBatch['events']): EventBatch => ({
  events,
  progress: {
    last: { position: { commit: BigInt(commit), prepare: BigInt(commit) }, eventId: `${commit}` },
    searched: null,
  },
});
const withEvent = (commit: number): EventBatch => batchAt(commit, recorded(used('thing_1')));

/** Hands out the given batches, then waits for ever, as a subscription does. */
class Source {
  left = false;

  constructor(private readonly given: readonly EventBatch[]) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<EventBatch, void, undefined> {
    try {
      for (const batch of this.given) yield batch;
      await new Promise(() => undefined);
    } finally {
      this.left = true;
    }
  }
}

async function take<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  await new Promise(setImmediate);
  return taken;
}

describe('batches or ticks', () => {
  it('are ticks while nothing comes', async () => {
    const given = [withEvent(1)];
    expect(await take(orTicks(new Source(given), 5), 3)).toEqual([given[0], null, null]);
  });

  it('leave their source when their consumer leaves', async () => {
    const source = new Source([withEvent(1), withEvent(2)]);
    await take(orTicks(source, 10), 1);
    expect(source.left).toBe(true);
  });
});
