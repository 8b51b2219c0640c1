import { BOUNDARY_WORD, category, DIGIT, WHITE_SPACE, WORD } from './unicode-classes.js';

/** One element of a pattern: an escape, a class, the beginning of a group, or a single character. */
const TOKENS =
  /\\[pP]\{\w+\}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\[^]|\[\^?\]?(?:\\[^]|[^\\\]])*\]|\(\?(?:<[A-Za-z_]\w*>|<?[=!]|:)|\(\?|[^]/g;
const CLASS_TOKENS =
  /\\[pP]\{\w+\}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\[^]|\[:|-\[|[^]/g;

const CLASSES: Readonly<Record<string, () => string>> = {
  w: WORD,
  d: DIGIT,
  s: () => WHITE_SPACE,
};

const END_OF_TEXT = '(?![^])';
const BEFORE_LAST_NEWLINE = `(?=\\n?${END_OF_TEXT})`;

/**
 * Compiles a regular expression in the dialect of .NET, in which filters are written.
 * See https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference.
 * It matches UTF-16 units, and its classes are those of Unicode.
 * @throws SyntaxError for what JavaScript cannot match the same way, rather than to match otherwise.
 */
export function compileDotNetRegex(pattern: string): RegExp {
  return new RegExp(pattern.replaceAll(TOKENS, translate));
}

function translate(token: string): string {
  if (token === '.') return '[^\\n]';
  if (token === '$') return BEFORE_LAST_NEWLINE;
  if (token === '(?') throw new SyntaxError('The kind of group is not supported.');
  if (token.length > 1 && token.startsWith('[')) return translateClass(token);
  return token.startsWith('\\') ? translateEscape(token) : token;
}

function translateEscape(token: string): string {
  const name = token.charAt(1);
  switch (name) {
    case 'A':
      return '(?<![^])';
    case 'z':
      return END_OF_TEXT;
    case 'Z':
      return BEFORE_LAST_NEWLINE;
    case 'b':
      return wordBoundary(true);
    case 'B':
      return wordBoundary(false);
  }
  const units = unitsOf(token);
  if (units === undefined) return plainEscape(token);
  return name === name.toUpperCase() ? `[^${units}]` : `[${units}]`;
}

function wordBoundary(isOne: boolean): string {
  const word = `[${BOUNDARY_WORD()}]`;
  const sides = isOne
    ? `(?<=${word})(?!${word})|(?<!${word})(?=${word})`
    : `(?<=${word})(?=${word})|(?<!${word})(?!${word})`;
  return `(?:${sides})`;
}

/** What a class escape stands for, whether it is negated or not. */
function unitsOf(token: string): string | undefined {
  const name = token.charAt(1).toLowerCase();
  if (name === 'p' && token.length > 2) return category(token.slice(3, -1));
  return CLASSES[name]?.();
}

/** Escapes that mean a single character, in both languages the same. */
function plainEscape(token: string): string {
  const name = token.charAt(1);
  if (token.length > 2 || 'tnrvf'.includes(name)) return token;
  if (name === 'e') return '\\x1b';
  if (name === 'a') return '\\x07';
  if (/[\p{L}\p{N}_]/u.test(name)) throw new SyntaxError(`The escape ${token} is not supported.`);
  return /[\x21-\x7e]/.test(name) ? `\\${name}` : name;
}

function translateClass(token: string): string {
  const isNegated = token.startsWith('[^');
  const inner = token.slice(isNegated ? 2 : 1, -1);
  // Negated escapes inside of a class are what a class cannot hold: they stand beside it.
  const others: string[] = [];
  const units = inner.replaceAll(CLASS_TOKENS, (part) => {
    if (part === '[:' || part === '-[') throw new SyntaxError('The class is not supported.');
    if (part === '\\b') return '\\x08';
    if (part === ']') return '\\]';
    if (!part.startsWith('\\')) return part === '[' || part === '^' ? `\\${part}` : part;
    const escape = unitsOf(part);
    if (escape === undefined) return plainEscape(part);
    if (part.charAt(1) === part.charAt(1).toLowerCase()) return escape;
    others.push(`[^${escape}]`);
    return '';
  });
  if (others.length === 0) return `[${isNegated ? '^' : ''}${units}]`;
  const alternatives = [units === '' ? [] : [`[${units}]`], others].flat().join('|');
  return isNegated ? `(?:(?!${alternatives})[^])` : `(?:${alternatives})`;
}
