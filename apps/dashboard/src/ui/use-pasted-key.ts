import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { useRef, useState } from 'react';
import { call } from '../api/http.js';
import { readTyped } from '../api/key-text.js';
import { hasStatus } from '../api/problem.js';
import type { ApiKey } from '../api/types.js';
import { useSession } from '../session/session.js';

interface PastedKey {
  /**
   * Takes what was typed or pasted, and answers with what of it may stay in the field. A whole key is looked
   * up instead of being kept.
   */
  readonly read: (typed: string) => { readonly text: string; readonly isKey: boolean };
  /** What became of the key, in words; empty when there is nothing to say. */
  readonly note: string;
}

/**
 * Finds a key by its whole text where people search. It is hashed here (`crypto.subtle` is missing on plain
 * http) and asked for by its hash in a body: the text is in no state, no address and no request.
 *
 * @param onFound told the key's id; not when something else is typed meanwhile
 */
export function usePastedKey(onFound: (keyId: string) => void): PastedKey {
  const { accountId, keyPrefixWord } = useSession();
  const [note, setNote] = useState('');
  const reading = useRef(0);
  const find = async (secretHash: string, turn: number): Promise<void> => {
    const settle = (words: string, keyId?: string): void => {
      if (turn !== reading.current) return;
      setNote(words);
      if (keyId !== undefined) onFound(keyId);
    };
    settle('Looking for this key…');
    try {
      const { id } = await call<ApiKey>('/v1/api-keys/lookup', {
        method: 'POST',
        body: { secretHash },
        accountId,
      });
      settle('', id);
    } catch (error) {
      settle(
        hasStatus(error, 404)
          ? 'This is no key of this account. Check that it was copied whole.'
          : 'The key could not be looked up. Paste it again shortly.',
      );
    }
  };
  return {
    note,
    read: (typed) => {
      const { text, key } = readTyped(typed, keyPrefixWord);
      reading.current += 1;
      setNote('');
      if (key !== null) void find(bytesToHex(sha256(utf8ToBytes(key))), reading.current);
      return { text, isKey: key !== null };
    },
  };
}
