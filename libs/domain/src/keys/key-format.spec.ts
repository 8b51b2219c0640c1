import {
  checksum,
  containsKey,
  generateKey,
  hashKey,
  isWellFormedKey,
  shownPrefix,
} from './key-format.js';

/** Bodies with their checksums, worked out with an independent CRC-32 (Python's zlib). */
const vectors: readonly (readonly [string, string])[] = [
  ['axk_000000000000000000000000000000000000', '4U5Opf'],
  ['axk_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz', '2XKg0J'],
  ['axk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '3hykHL'],
  ['axk_zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQ', '1RKfbM'],
  ['axk_Kq3ZtT0bH1xVw9RfLm2YpD7sNc4GjE8uAo5S', '2wB4cy'],
];

const SHAPE = /^axk_[0-9A-Za-z]{42}$/;

/** Percent-encodes every character, also those that need it not. */
const encodeAll = (text: string): string =>
  Array.from(text, (one) => `%${one.charCodeAt(0).toString(16)}`).join('');

/** Draws the given numbers one after the other, then begins anew. */
const drawing = (...numbers: readonly number[]) => {
  let drawn = -1;
  return () => numbers[(drawn += 1) % numbers.length] ?? 0;
};

describe('a new key', () => {
  it('is the prefix word, 36 random characters and 6 of checksum: 46 in all', () => {
    const key = generateKey('axk');
    expect(key).toMatch(SHAPE);
    expect(key).toHaveLength(46);
    expect(key.slice(-6)).toBe(checksum(key.slice(0, -6)));
  });

  it('takes each of the 36 characters from the random source, over the whole alphabet', () => {
    const bounds: number[] = [];
    const counting = drawing(...Array.from({ length: 62 }, (_, index) => index));
    const key = generateKey('axk', (bound) => {
      bounds.push(bound);
      return counting();
    });
    expect(bounds).toEqual(Array.from({ length: 36 }, () => 62));
    expect(key.slice(4, 40)).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  });

  it('uses every character about equally often', () => {
    const counts = new Map<string, number>();
    const keys = 4_000;
    for (let made = 0; made < keys; made += 1) {
      for (const character of generateKey('axk').slice(4, 40)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const expected = (keys * 36) / 62;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    expect(counts.size).toBe(62);
    // 61 degrees of freedom: above 130 once in a million runs. Bytes modulo 62 would give over 4,000.
    expect(chiSquare).toBeLessThan(130);
  });

  it('has the configured prefix word', () => {
    expect(generateKey('acme')).toMatch(/^acme_[0-9A-Za-z]{42}$/);
  });
});

describe('the checksum', () => {
  it.each(vectors)('of %s is %s', (body, expected) => {
    expect(checksum(body)).toBe(expected);
    expect(isWellFormedKey(body + expected, 'axk')).toBe(true);
  });
});

describe('a well-formed key', () => {
  const key = generateKey('axk');

  it('is told from every typo in one character', () => {
    for (let place = 0; place < key.length; place += 1) {
      const other = key[place] === 'x' ? 'y' : 'x';
      expect(isWellFormedKey(key.slice(0, place) + other + key.slice(place + 1), 'axk')).toBe(
        false,
      );
    }
  });

  it.each([
    ['too short', key.slice(0, -1)],
    ['too long', `${key}0`],
    ['with a space', ` ${key.slice(1)}`],
    ['of another prefix word', generateKey('abc')],
    ['with a character outside the alphabet', key.replace(/.$/, '-')],
    ['empty', ''],
    ['with a line break behind', `${key}\n`],
  ])('is not one %s', (_, text) => {
    expect(isWellFormedKey(text, 'axk')).toBe(false);
  });
});

describe('what is kept and shown of a key', () => {
  it('is its first eight characters', () => {
    expect(shownPrefix('axk_1234567890')).toBe('axk_1234');
  });

  it('is its SHA-256', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('what looks like a key', () => {
  it('is found inside any text', () => {
    expect(containsKey(`GET /x?key=${generateKey('axk')}&y`)).toBe(true);
  });

  it.each([
    ['its underscore encoded', (key: string) => key.replace('_', '%5F')],
    ['its underscore encoded in small letters', (key: string) => key.replace('_', '%5f')],
    [
      'one letter encoded',
      (key: string) => key.slice(0, 20) + encodeAll(key.slice(20, 21)) + key.slice(21),
    ],
    ['every character encoded', encodeAll],
    ['its underscore encoded twice', (key: string) => key.replace('_', '%255F')],
    ['every character encoded three times', (key: string) => encodeAll(encodeAll(encodeAll(key)))],
  ])('is found with %s', (_, encode) => {
    for (let made = 0; made < 20; made += 1) {
      expect(containsKey(`/x/${encode(generateKey('axk'))}/y%20z`)).toBe(true);
    }
  });

  it('is not an id, a hash or a UUID', () => {
    const texts = [
      'key_6dQxT0bT9xKc4VnRz7YfPs',
      'f'.repeat(64),
      '0190163d-8694-739b-aea5-966c26f8ad91',
    ];
    expect(containsKey(texts.join(' '))).toBe(false);
  });
});
