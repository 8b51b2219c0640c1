import { isWellFormedKey, keyLikeIn, shownPrefix } from '@keytrail/domain';
import { ApiSettings, redact } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import { CredentialLookUp } from './credential-look-up.js';

/** Finds keys by their whole text where people search, so that the text itself goes no further. */
@Injectable()
export class PastedKeys {
  constructor(
    private readonly settings: ApiSettings,
    private readonly keys: CredentialLookUp,
  ) {}

  /**
   * The id of the account's key with this SHA-256; `undefined` for an unknown key and for another account's.
   *
   * @param secretHash 64 hexadecimal digits in lower case
   * @throws Problem 503 `read_model_unavailable`
   */
  async idOf(secretHash: string, accountId: string): Promise<string | undefined> {
    return ownId(await this.keys.findByHash(secretHash, accountId), accountId);
  }

  /**
   * What to search for in place of a text: the id of the account's key that is in it, the shown prefix of
   * one that is mistyped or cut off, nothing that exists for a key that is not the account's; the text
   * itself when no key is in it.
   *
   * @throws Problem 503 `read_model_unavailable`
   */
  async searchedFor(text: string, accountId: string): Promise<string> {
    const key = keyLikeIn(text);
    if (key === null) return text;
    if (!isWellFormedKey(key, this.settings.KEY_PREFIX)) return shownPrefix(key);
    return ownId(await this.keys.find(key, accountId), accountId) ?? redact(key);
  }
}

const ownId = (
  found: { readonly keyId: string; readonly accountId: string } | undefined,
  accountId: string,
): string | undefined => (found?.accountId === accountId ? found.keyId : undefined);
