import type { EventBatch } from '@keytrail/event-store';
import { keyUsed, recorded } from '../../../test/support/events.js';
import { orTicks, withoutRush } from './batches.js';

const batchAt = (commit: number, ...events: EventBatch['events']): EventBatch => ({
  events,
  position: { commit: BigInt(commit), prepare: BigInt(commit) },
});
const withEvent = (commit: number): EventBatch =>
  batchAt(commit, recorded(keyUsed({ keyId: 'key_1', accountId: 'acc_1' })));

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

describe('batches without rush', () => {
  it('pass on with events, and at first without', async () => {
    const given = [batchAt(1), withEvent(2), withEvent(3)];
    expect(await take(withoutRush(new Source(given), 1_000_000), 3)).toEqual(given);
  });

  it('are held back without events, and dropped when a later one comes', async () => {
    const given = [withEvent(1), batchAt(2), batchAt(3), withEvent(4)];
    const passed = await take(withoutRush(new Source(given), 1_000_000), 2);
    expect(passed).toEqual([given[0], given[3]]);
  });

  it('pass on without events once they have rested', async () => {
    const given = [withEvent(1), batchAt(2)];
    expect(await take(withoutRush(new Source(given), 10), 2)).toEqual(given);
  });

  it('leave their source when their consumer leaves', async () => {
    const source = new Source([withEvent(1), withEvent(2)]);
    await take(withoutRush(source, 10), 1);
    expect(source.left).toBe(true);
  });
});

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
