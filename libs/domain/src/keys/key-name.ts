import { textFault } from '../common/text.js';

const SHORTEST = 2;
const LONGEST = 80;
/** Neither a space nor anything that is drawn as nothing; the braille pattern without dots is. */
const VISIBLE = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** What is wrong with a key's name, or `null`. Lengths are counted in code points, after trimming. */
export function keyNameFault(name: string): string | null {
  const length = Array.from(name.trim()).length;
  if (length < SHORTEST || length > LONGEST) {
    return `must be ${SHORTEST} to ${LONGEST} characters long after trimming`;
  }
  const fault = textFault(name);
  if (fault !== null) return fault;
  return VISIBLE.test(name) ? null : 'must have a visible character';
}
