import { replaceSecrets } from '@keytrail/sdk';

/** So many characters of a key are shown in lists, and may be kept anywhere. */
const SHOWN_LENGTH = 8;
const WHOLE_KEY = /^[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{42}$/;

const shownPrefix = (key: string): string => key.slice(0, SHOWN_LENGTH);

/** Cuts whatever could be a key down to what lists show of it. For all that leaves this page. */
export const withoutKeys = (text: string): string => replaceSecrets(text, shownPrefix);

export interface TypedText {
  /** The text as it may stay: of a key no more than lists show. */
  readonly text: string;
  /** The whole key that was in it. */
  readonly key: string | null;
}

/**
 * What somebody typed or pasted where they search.
 *
 * @param prefixWord what the keys of this Keytrail begin with: of those already their first character
 *   beyond the shown ones is cut
 */
export function readTyped(typed: string, prefixWord: string): TypedText {
  const secretLength = Math.max(1, SHOWN_LENGTH - prefixWord.length);
  const begun = new RegExp(`${prefixWord}_[0-9A-Za-z]{${secretLength},}`, 'g');
  let key: string | null = null;
  const cut = (found: string): string => {
    if (WHOLE_KEY.test(found)) key ??= found;
    return shownPrefix(found);
  };
  const text = replaceSecrets(typed.replace(begun, cut), cut);
  return { text, key };
}
