// Besides the control characters proper: line separators and the marks that reorder text (Unicode
// Standard Annex 9), with which it could pose as another one in the audit trail.
const CONTROL_CHARACTERS = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/**
 * What is wrong with a text that people write and others read in the audit trail, or `null`. Half a
 * surrogate pair has no encoding: it would be another text in the log than in the answer.
 */
export function textFault(text: string): string | null {
  if (!text.isWellFormed()) return 'must be well-formed Unicode text';
  return text.search(CONTROL_CHARACTERS) !== -1 ? 'must not contain control characters' : null;
}

/** A text of which nothing is hidden: what `textFault` refuses is shown as a replacement character. */
export const withoutControlCharacters = (text: string): string =>
  text.replace(CONTROL_CHARACTERS, '\ufffd');
