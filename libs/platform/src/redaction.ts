import { decodeKeyCharacters, KEY_LIKE_CUT } from '@keytrail/domain';

const SECRET_LIKE = new RegExp(KEY_LIKE_CUT, 'g');
/** A part of each of them that is found, or found missing, several times faster. */
const SECRET_LIKE_END = /_[0-9A-Za-z]{30}/;

/**
 * Replaces all that could be a key, whole or cut short, by its prefix word, also when characters of it
 * are percent-encoded: all characters of that kind in the text are decoded then. What was valid JSON
 * stays valid JSON. A text without such a thing is answered as it is.
 */
export function redact(text: string): string {
  const plain = decodeKeyCharacters(text);
  if (!SECRET_LIKE_END.test(plain)) return text;
  const scrubbed = plain.replace(
    SECRET_LIKE,
    (secret) => `${secret.slice(0, secret.indexOf('_') + 1)}[redacted]`,
  );
  return scrubbed === plain ? text : scrubbed;
}

/**
 * Replaces name and password of all connection strings in a text, well-formed or not. What was valid JSON
 * stays valid JSON.
 */
export const withoutUserInfo = (text: string): string =>
  text.includes('://') ? text.replace(ADDRESS, withoutItsUserInfo) : text;

/** All of an address that follows its scheme. It is taken whole, so that a text is looked through once. */
const ADDRESS = /:\/\/[^\s"]*/g;

function withoutItsUserInfo(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? address : `://[redacted]${address.slice(at)}`;
}
