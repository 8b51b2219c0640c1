import { keyNameFault } from './key-name.js';

describe("a key's name", () => {
  it.each([
    'CI',
    'Production Key',
    'CI/CD Pipeline',
    'Schlüssel für Köln',
    '鍵盤',
    '👩‍💻 laptop',
    'مفتاح الإنتاج',
    'की',
    'Zero\u200bwidth',
    'a'.repeat(80),
    '  trimmed  ',
  ])('may be %j', (name) => {
    expect(keyNameFault(name)).toBeNull();
  });

  it.each(['', 'a', ' a ', 'a'.repeat(81), '   '])(
    'is 2 to 80 characters long, so not %j',
    (name) => {
      expect(keyNameFault(name)).toContain('2 to 80 characters');
    },
  );

  it('counts characters and not code units', () => {
    expect(keyNameFault('🔑'.repeat(80))).toBeNull();
    expect(keyNameFault('🔑')).toContain('2 to 80 characters');
  });

  it.each([
    'a\u0000b',
    'line\nbreak',
    'tab\there',
    'del\u007f',
    'c1\u0085',
    'rtl\u202egnp',
    'ls\u2028x',
    'lrm\u200ex',
    'rlm\u200fx',
    'alm\u061cx',
    'isolate\u2067x',
  ])('has no control character, so not %j', (name) => {
    expect(keyNameFault(name)).toContain('control characters');
  });

  it.each([
    '\u200b\u200b',
    '\u200d\ufeff\u2060',
    '\u3164\u3164',
    '\u2800\u2800',
    'x\ud83d',
    '\udc00y',
  ])('can be seen and written down, so not %j', (name) => {
    expect(keyNameFault(name)).toMatch(/visible|well-formed/);
  });
});
