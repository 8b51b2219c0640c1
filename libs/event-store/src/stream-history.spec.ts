import { formatPosition } from './position.js';
import type { RecordedEvent } from './recorded-event.js';
import { eventsAfter, historyOf } from './stream-history.js';

/** The events of a stream, in tens of one command each. */
const stream: readonly RecordedEvent[] = Array.from({ length: 10_000 }, (_, index) => ({
  type: 'KeyUsed',
  data: {},
  id: `event_${index}`,
  streamName: 'stream',
  revision: BigInt(index),
  position: { commit: BigInt(index), prepare: BigInt(index) },
  context: {
    requestId: 'req_1',
    causationId: `command_${Math.floor(index / 10)}`,
    actor: { type: 'system', id: 'test', label: 'test' },
    ip: null,
    userAgent: null,
    occurredAt: '2026-03-02T10:00:00.000Z',
  },
}));

const positionOf = (index: number): string =>
  formatPosition({ commit: BigInt(index), prepare: BigInt(index) });

function knownFrom(first: number) {
  const reads: number[] = [];
  const readStream = (_: string, from = 0n): Promise<RecordedEvent[]> => {
    const read = stream.slice(Number(from));
    reads.push(read.length);
    return Promise.resolve(read);
  };
  return { history: historyOf({ readStream }, 'stream', stream.slice(first)), reads };
}

describe('the history of a stream', () => {
  it('tells what the last command has written', () => {
    expect(knownFrom(9_500).history.newest).toEqual(stream.slice(9_990));
    expect(knownFrom(9_995).history.newest).toEqual(stream.slice(9_995));
    expect(knownFrom(10_000).history.newest).toEqual([]);
  });

  it('gives what is known without a read', async () => {
    const { history, reads } = knownFrom(9_500);
    expect(await history.after(positionOf(9_500))).toEqual(stream.slice(9_501));
    expect(await history.after(positionOf(9_999))).toEqual([]);
    expect(reads).toEqual([]);
  });

  it('reads as far back as it is asked for, and not all', async () => {
    const { history, reads } = knownFrom(9_800);
    expect(await history.after(positionOf(8_000))).toEqual(stream.slice(8_001));
    expect(reads).toEqual([1_200, 3_200]);
    expect(await history.after('')).toEqual(stream);
  });

  it('looks at little more than what is new, however long it is', () => {
    let looks = 0;
    const watched = stream.map(({ position, ...event }) =>
      Object.defineProperty(event, 'position', {
        get: () => {
          looks += 1;
          return position;
        },
      }),
    ) as unknown as readonly RecordedEvent[];
    expect(eventsAfter(watched, positionOf(9_996))).toHaveLength(3);
    expect(looks).toBeLessThan(10);
  });
});
