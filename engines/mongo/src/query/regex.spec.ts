import { compileRegex } from './regex.js';

const matches = (pattern: string, text: string, options = ''): boolean =>
  compileRegex(pattern, options)(text);

describe('a pattern means what it means to PCRE', () => {
  it.each([
    ['c$', 'abc\n', true],
    ['c$', 'abc\n\n', false],
    ['^[\\dx_-]+$', '1x-_', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['a.c', 'a\rc', true],
    ['a.c', 'a\nc', false],
    ['\\d', '٣', false],
    ['\\s', '\u00a0', false],
    ['\\w', 'é', false],
    ['a\\-b\\"', 'a-b"', true],
    ['a{,2}', 'a{,2}', true],
    ['a{2}', 'aa', true],
    ['x]}', 'x]}', true],
    ['(?:a|b)c', 'abc', true],
    ['^(a|b)$', 'ab', false],
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
    '(a+)+$',
    '(a|aa)*',
    '(?i)AB',
    'a(?=b)',
    '(?<!a)b',
    '\\Aab',
    'c\\z',
    '\\bword',
    '\\D',
    '^\\p{L}+$',
    '[[:alpha:]]',
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
    ['a?'.repeat(30), 'a'.repeat(30)],
    ['(a|b)'.repeat(30), 'a'.repeat(30)],
    ['^a{1,1000}b{1,1000}c{1,1000}$', 'abc'.repeat(1_000)],
    ['a*a*a*a*a*b', 'a'.repeat(5_000)],
    ['x.*y.*z', 'xy'.repeat(40_000)],
  ])('%s is given up', (pattern, text) => {
    expect(() => compileRegex(pattern, '')(text)).toThrow(/might take too long/);
  });

  it('leaves others as they were', () => {
    expect(matches('a+b', `${'a'.repeat(9_000)}b`)).toBe(true);
    expect(matches('.*needle.*', `${'hay '.repeat(100_000)}needle`, 'i')).toBe(true);
    expect(matches('.*needle.*', 'hay '.repeat(100_000), 'i')).toBe(false);
  });
});
