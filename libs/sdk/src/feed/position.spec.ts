import { isAfter, isPosition } from './position.js';

describe('positions', () => {
  const inOrder = [
    '0',
    '9',
    '10-9',
    '10',
    '10-11',
    '11',
    '9007199254740993',
    '18446744073709551615',
  ];

  it('are ordered as the log is, beyond what a number holds', () => {
    for (const [at, one] of inOrder.entries()) {
      for (const [otherAt, other] of inOrder.entries())
        expect([one, other, isAfter(one, other)]).toEqual([one, other, at > otherAt]);
    }
  });

  it('are the same with leading zeros', () => {
    expect(isAfter('00000000000000000010', '10')).toBe(false);
    expect(isAfter('11', '00000000000000000010')).toBe(true);
  });

  it.each(['', 'start', '-1', '1-', '1.5', '0x1', '1-2-3', '123456789012345678901'])(
    'are not %j',
    (text) => {
      expect(isPosition(text)).toBe(false);
    },
  );
});
