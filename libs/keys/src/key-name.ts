const SHORTEST = 2;
const LONGEST = 80;
const CONTROL_CHARACTER = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/**
 * Whether a name has a control character in it. Besides those proper: line separators and the marks
 * that reorder text, with which a name could pose as another one in the audit trail.
 */
export const hasControlCharacter = (name: string): boolean => CONTROL_CHARACTER.test(name);

/** What is wrong with a key's name, or `null`. Lengths are counted in code points, after trimming. */
export function keyNameFault(name: string): string | null {
  const length = Array.from(name.trim()).length;
  if (length < SHORTEST || length > LONGEST) {
    return `must be ${SHORTEST} to ${LONGEST} characters long after trimming`;
  }
  return hasControlCharacter(name) ? 'must not contain control characters' : null;
}
