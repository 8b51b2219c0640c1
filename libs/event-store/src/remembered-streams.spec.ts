import { RememberedStreams } from './remembered-streams.js';
import type { RecordedEvent } from './recorded-event.js';

const decider = {};
const eventAt = (revision: number): RecordedEvent =>
  ({ revision: BigInt(revision) }) as unknown as RecordedEvent;
const streamOf = (length: number) => ({
  state: length,
  recent: Array.from({ length }, (_, index) => eventAt(index)),
});

describe('remembered streams', () => {
  it('are the long ones, with their last events', () => {
    const remembered = new RememberedStreams();
    remembered.set('short', decider, streamOf(2));
    remembered.set('long', decider, streamOf(10_000));
    expect(remembered.get('short', decider)).toBeUndefined();
    const { state, recent } = remembered.get('long', decider) ?? {};
    expect([state, recent?.length, recent?.at(-1)]).toEqual([10_000, 200, eventAt(9_999)]);
  });

  it('are given to whoever has made the state, and to no other', () => {
    const remembered = new RememberedStreams();
    remembered.set('long', decider, streamOf(1_000));
    expect(remembered.get('long', {})).toBeUndefined();
  });

  it('are forgotten when they are many, those that were used least lately first', () => {
    const remembered = new RememberedStreams();
    for (let index = 0; index < 4; index += 1)
      remembered.set(`stream-${index}`, decider, streamOf(50_000));
    remembered.set('stream-0', decider, streamOf(50_001));
    const kept = [0, 1, 2, 3].filter((index) => remembered.get(`stream-${index}`, decider));
    expect(kept).toEqual([0, 2, 3]);
  });
});
