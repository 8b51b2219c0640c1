import { notImplemented } from '../errors.js';

/** General categories of Unicode, the properties that PCRE and JavaScript name alike. */
export const UNICODE_CATEGORY =
  /^(?:C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;

/** POSIX classes, of ASCII characters only, as PCRE takes them without UCP. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\0-\\x7f',
  blank: ' \\t',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  word: 'A-Za-z0-9_',
  xdigit: '0-9A-Fa-f',
};

const ESCAPES: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\0-\\/:-\\u{10ffff}',
  w: 'A-Za-z0-9_',
  W: '\\0-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
  s: ' \\t\\n\\v\\f\\r',
  S: '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}',
  h: ' \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  b: '\\x08',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  a: '\\x07',
  e: '\\x1b',
};

const refuse = (construct: string): Error =>
  notImplemented(`the construct '${construct}' in a regular expression`);

function translateEscape(text: string): string {
  const property = /^\\([pP])(?:\{(\w+)\}|([A-Z]))$/.exec(text);
  if (property) {
    const category = property[2] ?? property[3] ?? '';
    if (!UNICODE_CATEGORY.test(category)) throw refuse(text);
    return `\\${property[1] ?? 'p'}{${category}}`;
  }
  const code = /^\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})$/.exec(text);
  if (code) return `\\u{${code[1] ?? code[2] ?? ''}}`;
  const char = text.slice(1);
  if (!/[A-Za-z0-9]/.test(char)) return literal(char);
  const known = ESCAPES[char];
  if (known === undefined) throw refuse(text);
  return known;
}

const literal = (char: string): string => (/[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);

const PIECE = /\[:(\^?)(\w+):\]|\\(?:[pPx]\{\w+\}|[pP][A-Z]|x[0-9a-fA-F]{2}|[^])|[^]/uy;

/**
 * A character class from after its opening bracket, for JavaScript's `u` mode, and where it ends. A
 * closing bracket right at the beginning is a member.
 */
export function translateClass(source: string, from: number): { text: string; end: number } {
  const negated = source.startsWith('^', from);
  let at = from + (negated ? 1 : 0);
  let text = negated ? '[^' : '[';
  for (let first = true; first || !source.startsWith(']', at); first = false) {
    PIECE.lastIndex = at;
    const [piece, isNegated, posix] = PIECE.exec(source) ?? [];
    if (piece === undefined) throw refuse(source.slice(from - 1));
    at += piece.length;
    if (posix !== undefined) {
      const members = POSIX[posix];
      if (members === undefined || isNegated === '^') throw refuse(piece);
      text += members;
    } else if (piece.startsWith('\\')) text += translateEscape(piece);
    else text += piece === '-' ? '-' : literal(piece);
  }
  return { text: `${text}]`, end: at + 1 };
}
