/** Assertions that JavaScript does not know, in its own terms. */
const ASSERTIONS = new Map([
  ['\\A', '(?<![^])'],
  ['\\z', '(?![^])'],
  ['\\Z', '(?=\\n?(?![^]))'],
]);

const ESCAPE = /\\([^])/g;
const ESCAPE_OR_CLASS = /\\[^]|\[(?:\\[^]|[^\\\]])*\]/g;
/** What JavaScript allows to be escaped, or refuses by itself as it would have a meaning. */
const ESCAPABLE = /[\w\\^$.*+?()[\]{}|/]/;

/**
 * Compiles a regular expression in the dialect of .NET, in which filters are written.
 * See https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference.
 * @throws SyntaxError for what JavaScript does not know, rather than to match something else.
 */
export function compileDotNetRegex(pattern: string): RegExp {
  const translated = pattern.replaceAll(
    ESCAPE_OR_CLASS,
    (part) => ASSERTIONS.get(part) ?? withoutNeedlessEscapes(part),
  );
  return new RegExp(translated, 'u');
}

/** .NET lets every character be escaped that is no letter, digit or underscore. */
function withoutNeedlessEscapes(part: string): string {
  const isClass = part.startsWith('[');
  return part.replaceAll(ESCAPE, (escape, character: string) =>
    ESCAPABLE.test(character) || (isClass && character === '-') ? escape : character,
  );
}
