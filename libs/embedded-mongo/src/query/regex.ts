import { MongoFault, notImplemented } from '../errors.js';
import { guarded } from './regex-guard.js';

/*
 * The server matches with PCRE, and JavaScript's patterns differ from it in many small ways. A pattern
 * is translated piece by piece; a piece that is not known here is refused, so that none is taken to
 * mean something else.
 */

/** Options of a regular expression. */
export const REGEX_OPTIONS = ['i', 'm', 's', 'u'] as const;

/** Members of the classes that escapes and POSIX names stand for: ASCII, as in PCRE without UCP. */
const MEMBERS: Readonly<Record<string, string>> = {
  '\\d': '0-9',
  '\\D': '\\0-\\/:-\\u{10ffff}',
  '\\w': 'A-Za-z0-9_',
  '\\W': '\\0-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
  '\\s': ' \\t\\n\\v\\f\\r',
  '\\S': '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}',
  '[:alnum:]': 'A-Za-z0-9',
  '[:alpha:]': 'A-Za-z',
  '[:blank:]': ' \\t',
  '[:cntrl:]': '\\0-\\x1f\\x7f',
  '[:digit:]': '0-9',
  '[:graph:]': '!-~',
  '[:lower:]': 'a-z',
  '[:print:]': ' -~',
  '[:punct:]': '!-\\/:-@\\[-`\\{-~',
  '[:space:]': ' \\t\\n\\v\\f\\r',
  '[:upper:]': 'A-Z',
  '[:word:]': 'A-Za-z0-9_',
  '[:xdigit:]': '0-9A-Fa-f',
};

/** Pieces that have other words in JavaScript, or mean the same in it. */
const PIECES: Readonly<Record<string, string>> = {
  '\\A': '^',
  '\\z': '$',
  '\\Z': '(?=\\n?$)',
  '\\b': '\\b',
  '\\B': '\\B',
  '(': '(',
  '(?:': '(?:',
  '(?=': '(?=',
  '(?!': '(?!',
  '(?<=': '(?<=',
  '(?<!': '(?<!',
  ')': ')',
  '|': '|',
};

const CHARACTERS = /^\\[nrtf]$/;
const CATEGORY = /^\\[pP]\{(?:C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)\}$/;
const ESCAPE = '\\\\(?:[pP]\\{\\^?\\w*\\}|[^])';
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?$/;

/** Escapes, classes, beginnings of groups, quantifiers, and single characters. */
const PIECE = new RegExp(
  `${ESCAPE}|\\[\\^?\\]?(?:${ESCAPE}|\\[:\\^?\\w+:\\]|[^\\]\\\\])*\\]|\\(\\?(?:<?[=!]|:)|\\([?*]|` +
    '(?:[*+?]|\\{\\d+(?:,\\d*)?\\})[?+]?|[^]',
  'gu',
);
const CLASS_PIECE = new RegExp(`${ESCAPE}|\\[:\\^?\\w+:\\]|[^]`, 'gu');

const refuse = (piece: string): MongoFault => notImplemented(`'${piece}' in a regular expression`);

/** A piece that stands for one character, or a category of them, in classes and outside. */
function character(piece: string): string {
  if (CHARACTERS.test(piece) || CATEGORY.test(piece)) return piece;
  if (/^\\[A-Za-z0-9]/.test(piece)) throw refuse(piece);
  const plain = piece.replace(/^\\/, '');
  return /[\^$\\.*+?()[\]{}|/-]/.test(plain) && plain !== '-' ? `\\${plain}` : plain;
}

function classOf(piece: string): string {
  const [, negation = '', members = ''] = /^\[(\^?)([^]*)\]$/.exec(piece) ?? [];
  const translated = members.replace(CLASS_PIECE, (member) => {
    if (member.startsWith('[:') && MEMBERS[member] === undefined) throw refuse(member);
    return MEMBERS[member] ?? (member === '\\-' ? member : character(member));
  });
  return `[${negation}${translated}]`;
}

function translate(piece: string, options: string): string {
  const members = MEMBERS[piece];
  if (members !== undefined) return `[${members}]`;
  if (piece === '.') return options.includes('s') ? '[^]' : '[^\\n]';
  if (piece === '^') return options.includes('m') ? '(?<![^\\n])' : '^';
  if (piece === '$') return options.includes('m') ? '(?![^\\n])' : '(?=\\n?$)';
  if (piece.length > 1 && piece.startsWith('[')) return classOf(piece);
  if (QUANTIFIER.test(piece)) {
    if (piece.length > 1 && piece.endsWith('+')) throw refuse(piece);
    return piece;
  }
  const known = PIECES[piece];
  if (known === undefined && piece.startsWith('(')) throw refuse(piece);
  return known ?? character(piece);
}

/** `(?i)` and the like at the very beginning are options; others begin within a pattern. */
function splitOptions(source: string, options: string): readonly [string, string] {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  return inline === null
    ? [source, options]
    : [source.slice(inline[0].length), options + (inline[1] ?? '')];
}

/** What may come before a match anywhere finds nothing more, and costs most of the time. */
const withoutPadding = (source: string): string =>
  /[|(]/.test(source) ? source : source.replace(/^(?:\.\*)+(?=[^?+])/, '');

/** Compiles a pattern of the server's into a test of a text. */
export function compileRegex(pattern: string, given: string): (text: string) => boolean {
  const [source, options] = splitOptions(pattern, given);
  if (!new RegExp(`^[${REGEX_OPTIONS.join('')}]*$`).test(options)) {
    throw notImplemented(`the options '${given}' of a regular expression`);
  }
  const pieces = withoutPadding(source).match(PIECE) ?? [];
  const translated = pieces.map((piece) => translate(piece, options)).join('');
  try {
    const flags = options.includes('i') ? 'iu' : 'u';
    return guarded(new RegExp(translated, flags), pieces);
  } catch {
    throw new MongoFault(51091, `Regular expression is invalid: ${pattern}`);
  }
}
