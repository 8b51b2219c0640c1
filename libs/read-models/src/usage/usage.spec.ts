import { documentsAfter, keyUsed, recorded } from '@keytrail/testing';
import { usage } from './usage.projection.js';

const used = (at: string, keyId = 'key_1') => recorded(keyUsed({ keyId }), { at });

describe('usage', () => {
  it('given nothing, when a key is used, then its hour and its day count one', () => {
    expect(documentsAfter(usage, [used('2026-03-01T10:59:59.999Z')])).toEqual({
      'key_1:hour:2026-03-01T10:00:00.000Z': {
        accountId: 'acc_1',
        keyId: 'key_1',
        bucket: 'hour',
        start: new Date('2026-03-01T10:00:00.000Z'),
        count: 1,
      },
      'key_1:day:2026-03-01T00:00:00.000Z': {
        accountId: 'acc_1',
        keyId: 'key_1',
        bucket: 'day',
        start: new Date('2026-03-01T00:00:00.000Z'),
        count: 1,
      },
    });
  });

  it('given uses, when keys are used in other hours, then each key and hour has its own count', () => {
    const documents = documentsAfter(usage, [
      used('2026-03-01T10:00:00.000Z'),
      used('2026-03-01T10:30:00.000Z'),
      used('2026-03-01T11:00:00.000Z'),
      used('2026-03-01T11:00:00.000Z', 'key_2'),
    ]);
    const counts = Object.entries(documents).map(([id, { count }]) => [id, count]);
    expect(Object.fromEntries(counts)).toEqual({
      'key_1:hour:2026-03-01T10:00:00.000Z': 2,
      'key_1:hour:2026-03-01T11:00:00.000Z': 1,
      'key_1:day:2026-03-01T00:00:00.000Z': 3,
      'key_2:hour:2026-03-01T11:00:00.000Z': 1,
      'key_2:day:2026-03-01T00:00:00.000Z': 1,
    });
  });

  it('given uses of several keys, then the account has a total of each hour and day', () => {
    const events = [
      used('2026-03-01T10:00:00.000Z'),
      used('2026-03-01T10:30:00.000Z', 'key_2'),
      used('2026-03-01T11:00:00.000Z', 'key_2'),
    ];
    const documents = documentsAfter(usage, events, 'totals');
    expect(documents).toEqual({
      'acc_1:hour:2026-03-01T10:00:00.000Z': {
        start: new Date('2026-03-01T10:00:00.000Z'),
        count: 2,
      },
      'acc_1:hour:2026-03-01T11:00:00.000Z': {
        start: new Date('2026-03-01T11:00:00.000Z'),
        count: 1,
      },
      'acc_1:day:2026-03-01T00:00:00.000Z': {
        start: new Date('2026-03-01T00:00:00.000Z'),
        count: 3,
      },
    });
  });
});
