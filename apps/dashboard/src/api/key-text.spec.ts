import { readTyped, withoutKeys } from './key-text.js';

const body = 'aB3'.repeat(14);
const key = `axk_${body}`;

describe('a key in a text', () => {
  it.each([
    [key, 'axk_aB3a', key],
    [`Authorization: Bearer ${key}`, 'Authorization: Bearer axk_aB3a', key],
    [`KEY='${key}'`, "KEY='axk_aB3a'", key],
    // Its end or its beginning was cut off, or it has one character too many.
    [key.slice(0, -1), 'axk_aB3a', null],
    [`${key}x`, 'axk_aB3a', null],
    ['axk_aB3aB', 'axk_aB3a', null],
    ['axk_aB3a', 'axk_aB3a', null],
    // Of another Keytrail, or of none.
    [`prod_${body}`, 'prod_aB3', `prod_${body}`],
    ['ci_pipeline', 'ci_pipeline', null],
    ['key_2qLwH0bT9xKc4VnRz7YfPs', 'key_2qLwH0bT9xKc4VnRz7YfPs', null],
  ])('%s stays as %s', (typed, text, found) => {
    expect(readTyped(typed, 'axk')).toEqual({ text, key: found });
  });

  it('is cut where it begins, whatever the prefix word', () => {
    expect(readTyped('longprefix_1', 'longprefix').text).toBe('longpref');
    expect(readTyped('ab_123456', 'ab').text).toBe('ab_12345');
  });

  it('is cut in what leaves the page', () => {
    expect(withoutKeys(`/?q=${key}&actor=key_2qLwH0bT9xKc4VnRz7YfPs`)).toBe(
      '/?q=axk_aB3a&actor=key_2qLwH0bT9xKc4VnRz7YfPs',
    );
  });
});
