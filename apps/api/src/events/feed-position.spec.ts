import { parseFrom, showPosition } from './feed-position.js';

describe('positions', () => {
  it.each(['0', '7', '184467', '18446744073709551615', '7-3'])(
    '%s is read back as shown',
    (text) => {
      expect(showPosition(parseFrom(text, 'from'))).toBe(text);
    },
  );

  it('sort as text as the log does', () => {
    const inOrder = ['start', '9', '10', '10-12', '11', '100'].map((text) =>
      parseFrom(text, 'from'),
    );
    expect([...inOrder].sort()).toEqual(inOrder);
  });
});
