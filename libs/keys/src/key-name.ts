const SHORTEST = 2;
const LONGEST = 80;
const CONTROL_CHARACTER = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;

/** What is wrong with a key's name, or `null`. Lengths are counted in code points, after trimming. */
export function keyNameFault(name: string): string | null {
  const length = Array.from(name.trim()).length;
  if (length < SHORTEST || length > LONGEST) {
    return `must be ${SHORTEST} to ${LONGEST} characters long after trimming`;
  }
  return CONTROL_CHARACTER.test(name) ? 'must not contain control characters' : null;
}
