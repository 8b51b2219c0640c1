import type { Credential, ReadModels } from '@keytrail/read-models';
import { findCredentials } from '@keytrail/read-models';
import { Gatherer, withDeadline } from '@keytrail/platform';
import type { UnderWay } from '@keytrail/platform';
import { hashKey } from '@keytrail/domain';
import { Inject, Injectable } from '@nestjs/common';
import { unavailable } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { HeldCredentials } from '../../stores/held-credentials.js';
import { READ_MODELS } from '../../stores/tokens.js';
import { timeBudget } from '../../http/time-budget.js';

const MAX_WAITING = 4_000;

/**
 * Finds the credentials of keys: by heart where this process may, or else in the read model, on the primary.
 * Either way a revocation that was acknowledged is seen by every look-up that starts later. While one look-up in
 * the read model is under way, the next ones collect and go together.
 */
@Injectable()
export class CredentialLookUp implements UnderWay {
  private readonly lookUps: Gatherer<string, Credential | undefined>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    reads: ConsistentReads,
    private readonly held: HeldCredentials,
  ) {
    this.lookUps = new Gatherer(
      async (hashes) => {
        await reads.begun();
        const keep = held.loading();
        const looking = findCredentials(models, [...new Set(hashes)]);
        // One that gets no answer must not hold up those after it.
        const found = await withDeadline(looking, timeBudget.silentMs, silent);
        keep(found);
        return hashes.map((hash) => found.get(hash));
      },
      // All who wait go in one batch, so that nobody waits for more than two look-ups.
      { maxBatch: MAX_WAITING, maxWaiting: MAX_WAITING },
    );
  }

  get underWay(): Promise<void> | undefined {
    return this.lookUps.underWay;
  }

  /** The credential of a well-formed key; none for a key that was never issued. */
  find(key: string): Promise<Credential | undefined> {
    return this.findByHash(hashKey(key));
  }

  /** The credential of the key with this SHA-256, 64 hexadecimal digits in lower case; none for an unknown one. */
  findByHash(secretHash: string): Promise<Credential | undefined> {
    const known = this.held.get(secretHash);
    return known ? Promise.resolve(known) : this.lookUps.add(secretHash);
  }
}

const silent = (): Problem =>
  unavailable(
    'read_model_unavailable',
    'The key cannot be looked up right now; try again shortly.',
  );
