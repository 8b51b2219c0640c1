import { MongoFault, notImplemented } from '../bson/errors.js';

/*
 * The server matches with PCRE, and JavaScript's patterns differ from it in many small ways. A pattern
 * is taken apart and translated; a piece that is not known here is refused, so that none is taken to
 * mean something else, and none can take for ever: repeated groups are not known.
 */

/** Options of a regular expression. */
export const REGEX_OPTIONS = ['i', 'm', 's', 'u'] as const;

/** Members of the classes that escapes stand for: ASCII, as in PCRE without UCP. */
const MEMBERS: Readonly<Record<string, string>> = {
  '\\d': '0-9',
  '\\w': 'A-Za-z0-9_',
  '\\s': ' \\t\\n\\v\\f\\r',
};

const GROUPS: ReadonlySet<string> = new Set(['(', '(?:', ')', '|']);
const REPETITION = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?$/;

/** Escapes, classes, beginnings of groups, repetitions, and single characters. */
const PIECE =
  /\\[^]|\[\^?\]?(?:\\[^]|\[:|[^\]\\])*\]|\(\?:|\([?*]|(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?|[^]/gu;

/** What may come before or after a match anywhere finds nothing more, and costs most of the time. */
const PADDING = /^(?:\.\*)+(?=[^?+])|(?<!\\)(?:\.\*)+$/g;

/** Steps that the match of one text may take: some tenths of a second. */
const MOST_STEPS = 100_000_000;

const refuse = (piece: string): MongoFault => notImplemented(`'${piece}' in a regular expression`);

/** A piece that stands for one character, in classes and outside. */
function character(piece: string): string {
  if (/^\\[nrtf]$/.test(piece)) return piece;
  if (/^\\[A-Za-z0-9]/.test(piece)) throw refuse(piece);
  const plain = piece.replace(/^\\/, '');
  return /[\^$\\.*+?()[\]{}|/-]/.test(plain) && plain !== '-' ? `\\${plain}` : plain;
}

function classOf(piece: string): string {
  if (piece.includes('[:')) throw refuse(piece);
  const [, negation = '', members = ''] = /^\[(\^?)([^]*)\]$/.exec(piece) ?? [];
  const translated = members.replace(/\\[^]|[^]/gu, (member) =>
    member === '\\-' ? member : (MEMBERS[member] ?? character(member)),
  );
  return `[${negation}${translated}]`;
}

function translate(piece: string, before: string | undefined, options: string): string {
  const members = MEMBERS[piece];
  if (members !== undefined) return `[${members}]`;
  if (piece === '.') return options.includes('s') ? '[^]' : '[^\\n]';
  if (piece === '^') return options.includes('m') ? '(?<![^\\n])' : '^';
  if (piece === '$') return options.includes('m') ? '(?![^\\n])' : '(?=\\n?$)';
  if (REPETITION.test(piece)) {
    if (before === ')') throw notImplemented('a repeated group in a regular expression');
    if (piece.length > 1 && piece.endsWith('+')) throw refuse(piece);
    return piece;
  }
  if (GROUPS.has(piece)) return piece;
  if (piece.startsWith('(')) throw refuse(piece);
  return piece.length > 1 && piece.startsWith('[') ? classOf(piece) : character(piece);
}

/** Compiles a pattern of the server's into a test of a text. */
export function compileRegex(pattern: string, options: string): (text: string) => boolean {
  if (!new RegExp(`^[${REGEX_OPTIONS.join('')}]*$`).test(options)) {
    throw notImplemented(`the options '${options}' of a regular expression`);
  }
  const padded = /[|(]/.test(pattern) ? pattern : pattern.replace(PADDING, '');
  const pieces = padded.match(PIECE) ?? [];
  const translated = pieces.map((piece, at) => translate(piece, pieces[at - 1], options)).join('');
  const expression = toRegExp(translated, options, pattern);
  return (text) => {
    if (stepsOf(pieces, text.length) > MOST_STEPS) {
      throw new MongoFault(51091, 'Regular expression matching might take too long');
    }
    return expression.test(text);
  };
}

/** How many steps a match may take at most: every choice multiplies them. 0 without any. */
function stepsOf(pieces: readonly string[], length: number): number {
  let steps = 1;
  for (const piece of pieces) {
    const [, most = length] = /^\{\d+,(\d+)\}/.exec(piece) ?? [];
    if (piece === '|' || /^\?/.test(piece)) steps *= 2;
    else if (/^(?:[*+]|\{\d+,)/.test(piece)) steps *= Math.max(Number(most), 2);
  }
  if (steps === 1) return 0;
  return pieces[0] === '^' && !pieces.includes('|') ? steps : steps * length;
}

function toRegExp(translated: string, options: string, pattern: string): RegExp {
  try {
    return new RegExp(translated, options.includes('i') ? 'iu' : 'u');
  } catch {
    throw new MongoFault(51091, `Regular expression is invalid: ${pattern}`);
  }
}
