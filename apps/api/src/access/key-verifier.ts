import type { Credential, ReadModels } from '@keytrail/read-models';
import { findCredentials } from '@keytrail/read-models';
import { gather } from '@keytrail/platform';
import { hashKey } from '@keytrail/keys';

const MAX_WAITING = 4_000;

/**
 * Looks keys up in the credentials read model, on the primary and without any cache: a revocation
 * that was acknowledged is seen by every look-up that starts later. While one look-up is under way,
 * the next ones collect and go together.
 */
export class KeyVerifier {
  private readonly lookUp: (secretHash: string) => Promise<Credential | undefined>;

  constructor(models: ReadModels) {
    this.lookUp = gather(
      async (hashes) => {
        const found = await findCredentials(models, [...new Set(hashes)]);
        return hashes.map((hash) => found.get(hash));
      },
      // All who wait go in one batch, so that nobody waits for more than two look-ups.
      { maxBatch: MAX_WAITING, maxWaiting: MAX_WAITING },
    );
  }

  /** The credential of a well-formed key; none for a key that was never issued. */
  find(key: string): Promise<Credential | undefined> {
    return this.lookUp(hashKey(key));
  }
}
