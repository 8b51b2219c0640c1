/**
 * Character classes of .NET as the inside of a JavaScript character class. .NET matches UTF-16 units,
 * so a class holds no character beyond the basic plane; a surrogate is in none of them.
 */
const LAST_UNIT = 0xffff;

/** As `char.IsWhiteSpace` has it: other than in JavaScript U+0085 is one and U+FEFF is none. */
export const WHITE_SPACE =
  '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

export const DIGIT = lazily(() => unitsThatMatch(/^\p{Nd}$/u));

/** Letters, marks, digits and connectors. */
export const WORD = lazily(() => unitsThatMatch(/^[\p{L}\p{Mn}\p{Nd}\p{Pc}]$/u));

/** At a word boundary two invisible joiners count as part of the word. */
export const BOUNDARY_WORD = lazily(() => `${WORD()}\\u200c\\u200d`);

/** A general category such as `Lu` or `L`. @throws SyntaxError when there is none of that name. */
export function category(name: string): string {
  if (!/^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/.test(name)) {
    throw new SyntaxError(`Unknown category ${name}.`);
  }
  const cached = categories.get(name) ?? unitsThatMatch(new RegExp(`^\\p{${name}}$`, 'u'));
  categories.set(name, cached);
  return cached;
}

const categories = new Map<string, string>();

function unitsThatMatch(pattern: RegExp): string {
  let ranges = '';
  let first = -1;
  for (let unit = 0; unit <= LAST_UNIT + 1; unit++) {
    const matches = unit <= LAST_UNIT && pattern.test(String.fromCharCode(unit));
    if (matches && first < 0) first = unit;
    if (matches || first < 0) continue;
    ranges += `${escaped(first)}-${escaped(unit - 1)}`;
    first = -1;
  }
  return ranges;
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

function lazily(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}
