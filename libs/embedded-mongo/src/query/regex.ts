import { MongoFault, notImplemented } from '../errors.js';
import { guarded } from './regex-guard.js';
import { translateClass, UNICODE_CATEGORY } from './regex-class.js';

/*
 * The server matches with PCRE, JavaScript's patterns differ from it in many small ways. A pattern is
 * translated construct by construct; one that is not known here is refused, so that none is taken to
 * mean something else.
 */

/** Options of a regular expression that are served. */
export const REGEX_OPTIONS = ['i', 'm', 's', 'u', 'x'] as const;

const refuse = (construct: string): MongoFault =>
  notImplemented(`the construct '${construct}' in a regular expression`);

const invalid = (source: string): MongoFault =>
  new MongoFault(51091, `Regular expression is invalid: ${source}`);

/** Escapes that stand for the same thing outside of classes, in PCRE's meaning without UCP. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  b: '\\b',
  B: '\\B',
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  h: '[ \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  v: '[\\n\\v\\f\\r\\u0085\\u2028\\u2029]',
  N: '[^\\n]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  a: '\\u0007',
  e: '\\u001b',
};

/** Steps through a pattern. */
class Translator {
  #at = 0;
  /** Unbounded repetitions so far, and whether one may lie within another. */
  repeats = 0;
  nested = false;
  readonly #groups: number[] = [];
  /** The group that has just ended repeats something. */
  #closed = false;

  constructor(
    private readonly source: string,
    private readonly options: string,
  ) {}

  translate(): string {
    let out = '';
    while (this.#at < this.source.length) out += this.#next();
    return out;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #next(): string {
    if (this.options.includes('x') && this.#take(/(?:\s|#[^\n]*(?:\n|$))+/y)) return '';
    if (this.#take(/\\/y)) return this.#escape();
    if (this.#take(/\[/y)) {
      const { text, end } = translateClass(this.source, this.#at);
      this.#at = end;
      return text;
    }
    const repeat = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/y)?.[0];
    if (repeat !== undefined) return this.#repeat(repeat);
    if (this.#take(/\(/y)) return this.#open();
    const char = String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return this.#plain(char);
  }

  #plain(char: string): string {
    const lines = this.options.includes('m');
    switch (char) {
      case '.':
        return this.options.includes('s') ? '[^]' : '[^\\n]';
      case '^':
        return lines ? '(?<![^\\n])' : '^';
      case '$':
        return lines ? '(?![^\\n])' : '(?=\\n?$)';
      case ')':
        // What repeats a group repeats what repeats in it.
        this.#closed = this.repeats > (this.#groups.pop() ?? 0);
        return ')';
      case '{':
      case '}':
      case ']':
      case '/':
        return `\\${char}`;
      default:
        return char;
    }
  }

  #repeat(text: string): string {
    if (text.length > 1 && text.endsWith('+')) throw refuse(text);
    if (/^(?:[*+]|\{\d+,\})/.test(text)) {
      this.repeats += 1;
      if (this.#closed && this.source.charAt(this.#at - text.length - 1) === ')')
        this.nested = true;
    }
    return text;
  }

  #open(): string {
    this.#groups.push(this.repeats);
    const special = this.#take(/\?(?::|=|!|<=|<!|P?<\w+>)/y)?.[0];
    if (special === undefined) {
      if (this.#take(/[?*]/y)) throw refuse(`(${this.source.charAt(this.#at - 1)}`);
      return '(';
    }
    return special.endsWith('>') ? '(' : `(${special}`;
  }

  #escape(): string {
    const property = this.#take(/([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/y);
    if (property) return translateProperty(property);
    const code = this.#take(/x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/y);
    if (code) return `\\u{${code[1] ?? code[2] ?? ''}}`;
    const char = this.#take(/[^]/uy)?.[0];
    if (char === undefined) throw invalid(this.source);
    if (!/[A-Za-z0-9]/.test(char)) return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
    const known = ESCAPES[char];
    if (known === undefined) throw refuse(`\\${char}`);
    return known;
  }
}

function translateProperty([text, letter, caret, name, short]: RegExpExecArray): string {
  const category = name ?? short ?? '';
  if (!UNICODE_CATEGORY.test(category)) throw refuse(`\\${text}`);
  const isNegated = (letter === 'P') !== (caret === '^');
  return `\\${isNegated ? 'P' : 'p'}{${category}}`;
}

/** `(?i)` and the like at the very beginning are options. */
function splitOptions(source: string, options: string): readonly [string, string] {
  const inline = /^\(\?([imsx]+)\)/.exec(source);
  if (inline === null) return [source, options];
  return [source.slice(inline[0].length), options + (inline[1] ?? '')];
}

/** What may stand before and after a match anywhere finds nothing more and costs most of the time. */
const withoutPadding = (source: string): string =>
  /[|(]/.test(source) ? source : source.replace(/^(?:\.\*)+(?=[^?+])/, '');

/** Compiles a pattern of the server's into a test of a text. */
export function compileRegex(pattern: string, given: string): (text: string) => boolean {
  const [source, options] = splitOptions(pattern, given);
  if (!new RegExp(`^[${REGEX_OPTIONS.join('')}]*$`).test(options)) {
    throw new MongoFault(51108, `invalid flag in regex options: ${given}`);
  }
  const translator = new Translator(withoutPadding(source), options);
  const translated = translator.translate();
  try {
    const expression = new RegExp(translated, options.includes('i') ? 'iu' : 'u');
    return guarded(expression, translator.repeats, translator.nested);
  } catch {
    throw invalid(pattern);
  }
}
