import type { Credential, ReadModels } from '@keytrail/read-models';
import { findCredentials } from '@keytrail/read-models';
import { Gatherer, networkOf, withDeadline } from '@keytrail/platform';
import type { UnderWay } from '@keytrail/platform';
import { hashKey } from '@keytrail/domain';
import { Inject, Injectable } from '@nestjs/common';
import { limits } from '../../http/limits.js';
import { unavailable } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { HeldCredentials } from '../../stores/held-credentials.js';
import { READ_MODELS } from '../../stores/tokens.js';
import { timeBudget } from '../../http/time-budget.js';

interface LookUp {
  readonly hash: string;
  /** Whose it is: an account's, or a network's of which no account is known. */
  readonly group: string;
}

/**
 * Finds the credentials of keys: by heart where this process may, or else in the read model, on the primary.
 * Either way a revocation that was acknowledged is seen by every look-up that starts later. While one look-up in
 * the read model is under way, the next ones collect and go together, accounts in turn. Which account a key
 * is of is remembered for that order alone.
 */
@Injectable()
export class CredentialLookUp implements UnderWay {
  private readonly lookUps: Gatherer<LookUp, Credential | undefined>;
  private readonly accounts = new Map<string, string>();

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    reads: ConsistentReads,
    private readonly held: HeldCredentials,
  ) {
    this.lookUps = new Gatherer(
      async (asked) => {
        await reads.begun();
        const keep = held.loading();
        const looking = findCredentials(models, [...new Set(asked.map(({ hash }) => hash))]);
        // One that gets no answer must not hold up those after it.
        const found = await withDeadline(looking, timeBudget.silentMs, silent);
        keep(found);
        for (const [hash, { accountId }] of found) this.remember(hash, accountId);
        return asked.map(({ hash }) => found.get(hash));
      },
      { ...limits.keyLookUps, groupOf: ({ group }) => group },
    );
  }

  get underWay(): Promise<void> | undefined {
    return this.lookUps.underWay;
  }

  /**
   * The credential of a well-formed key; none for a key that was never issued.
   *
   * @param asker an address or an account: keys of which nothing is known wait with those of the same network or account
   */
  find(key: string, asker: string | null): Promise<Credential | undefined> {
    return this.findByHash(hashKey(key), asker);
  }

  /**
   * The credential of the key with this SHA-256, 64 hexadecimal digits in lower case; none for an unknown one.
   *
   * @param asker as of `find`
   */
  findByHash(secretHash: string, asker: string | null): Promise<Credential | undefined> {
    const known = this.held.get(secretHash);
    if (known) return Promise.resolve(known);
    return this.lookUps.add({ hash: secretHash, group: this.groupOf(secretHash, asker) });
  }

  /** Whose share a key counts towards: its account's, or the network's when nothing is known of it. */
  groupOf(hash: string, asker: string | null): string {
    const known = this.held.get(hash)?.accountId ?? this.accounts.get(hash);
    return known ?? networkOf(asker ?? 'unknown');
  }

  private remember(hash: string, accountId: string): void {
    if (this.accounts.size >= limits.rememberedAccounts) this.accounts.clear();
    this.accounts.set(hash, accountId);
  }
}

const silent = (): Problem =>
  unavailable(
    'read_model_unavailable',
    'The key cannot be looked up right now; try again shortly.',
  );
