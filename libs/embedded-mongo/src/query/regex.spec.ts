import { compileRegex } from './regex.js';

const matches = (pattern: string, text: string, options = ''): boolean =>
  compileRegex(pattern, options)(text);

describe('a pattern means what it means to PCRE', () => {
  it.each([
    ['\\Aab', 'abc', true],
    ['\\Ab', 'abc', false],
    ['c\\z', 'abc\n', false],
    ['c\\Z', 'abc\n', true],
    ['c$', 'abc\n', true],
    ['c$', 'abc\n\n', false],
    ['^\\p{L}+$', 'Straße', true],
    ['\\P{L}', 'é', false],
    ['^[[:alpha:]]+$', 'abc', true],
    ['[[:alpha:]]', '123', false],
    ['^[[:digit:]x_-]+$', '1x-_', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['a.c', 'a\rc', true],
    ['a.c', 'a\nc', false],
    ['\\d', '٣', false],
    ['\\s', '\u00a0', false],
    ['[\\S]', '\u00a0', true],
    ['\\w', 'é', false],
    ['a\\-b\\"', 'a-b"', true],
    ['a{,2}', 'a{,2}', true],
    ['a{2}', 'aa', true],
    ['x]}', 'x]}', true],
    ['(?i)AB', 'ab', true],
    ['(?:a|b)+c', 'abac', true],
    ['a(?=b)', 'ab', true],
    ['(?<!a)b', 'ab', false],
    ['.*b.*', 'abc', true],
    ['\\.', 'a', false],
  ])('%s on %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    ['i', 'ÄB', 'äb', true],
    ['m', '^b$', 'a\nb\nc', true],
    ['', '^b$', 'a\nb\nc', false],
    ['m', '^b', 'a\rb', false],
    ['s', 'a.c', 'a\nc', true],
  ])('with the option %j: %s', (options, pattern, text, expected) => {
    expect(matches(pattern, text, options)).toBe(expected);
  });

  it.each([
    '(a)\\1',
    '\\Qa.b\\E',
    '\\Ga',
    'a++',
    '(?>a)',
    'a(?i)b',
    '(?#note)a',
    '\\p{Greek}',
    '\\p{^L}',
    '\\pL',
    '\\h',
    '(?<name>a)',
    '\\x41',
    '[[:^alpha:]]',
    '[[:nothing:]]',
    '(*ANYCRLF)a',
    '\\cA',
    '\\07',
  ])('or is refused: %s', (pattern) => {
    expect(() => compileRegex(pattern, '')).toThrow(/does not serve/);
  });

  it('or is no pattern at all', () => {
    expect(() => compileRegex('a(', '')).toThrow(/invalid/);
    expect(() => compileRegex('a', 'g')).toThrow(/does not serve/);
  });
});

describe('a pattern that would take for ever', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(60)}b`],
    ['(a|aa)+$', `${'a'.repeat(80)}b`],
    ['a*a*a*a*a*b', 'a'.repeat(5_000)],
    ['x.*y.*z', 'xy'.repeat(40_000)],
  ])('%s is given up', (pattern, text) => {
    expect(() => compileRegex(pattern, '')(text)).toThrow(/took too long/);
  });

  it('leaves others as they were', () => {
    expect(matches('a+b', `${'a'.repeat(9_000)}b`)).toBe(true);
    expect(matches('.*needle.*', `${'hay '.repeat(100_000)}needle`, 'i')).toBe(true);
    expect(matches('.*needle.*', 'hay '.repeat(100_000), 'i')).toBe(false);
  });
});
