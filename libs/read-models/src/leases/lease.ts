import type { Credential } from '../credentials/credentials.queries.js';
import { type Clock, type Instant, isWithin } from './instant.js';

/** For how long after a renewal was sent off a process may answer from memory, in milliseconds. */
export const LEASE_MS = 2_000;

/** The most credentials that are known, and the most revoked keys that are remembered. */
const MAX_KNOWN = 20_000;

/**
 * What one process knows by heart, and until when it may answer from it. A lease that ran out is never
 * taken up again: what it held is forgotten, and the next one begins with nothing.
 */
export class Lease {
  private readonly byHash = new Map<string, Credential>();
  private readonly hashes = new Map<string, string>();
  /** Keys whose revocation came by, with its position, until the documents that are loaded have it. */
  private readonly revoked = new Map<string, string>();
  /** How often that has changed: what was loaded before a change may be older than it. */
  private changes = 0;
  private ended = false;

  /** @param renewedAt from before the registration was sent */
  constructor(
    readonly id: string,
    private renewedAt: Instant,
    private readonly clock: Clock,
    private readonly maxKnown = MAX_KNOWN,
  ) {}

  /** Whether it may be answered from. */
  get isRunning(): boolean {
    return !this.ended && isWithin(LEASE_MS, this.renewedAt, this.clock());
  }

  /** The credential of a key as it is now; nothing when that is not known here. */
  get(hash: string): Credential | undefined {
    // First what is known, then the time: a process that is stopped in between finds its lease run out.
    const credential = this.byHash.get(hash);
    if (!credential || !this.isRunning) return undefined;
    this.byHash.delete(hash);
    this.byHash.set(hash, credential);
    return credential;
  }

  /**
   * Call it before credentials are loaded.
   *
   * @returns keeps what was loaded, unless a revocation came by meanwhile, or was found to be in the documents
   *   meanwhile: the load may have missed it
   */
  loading(): (found: ReadonlyMap<string, Credential>) => void {
    const { changes } = this;
    return (found) => {
      if (this.changes !== changes) return;
      for (const [hash, credential] of found) this.keep(hash, credential);
    };
  }

  /** Lets go of a key for good. The lease ends when more are revoked than the documents are known to hold. */
  revoke(keyId: string, position: string): void {
    this.changes += 1;
    this.revoked.set(keyId, position);
    if (this.revoked.size > this.maxKnown) this.end();
    const hash = this.hashes.get(keyId);
    if (hash !== undefined) this.forget(hash, keyId);
  }

  /** The documents that are loaded hold every event up to here. */
  documentsReach(position: string): void {
    for (const [keyId, revokedAt] of this.revoked) {
      if (revokedAt > position) continue;
      this.changes += 1;
      this.revoked.delete(keyId);
    }
  }

  /** @param sentAt from before the renewal was sent. @returns whether the lease goes on */
  renew(sentAt: Instant): boolean {
    if (!this.isRunning) this.ended = true;
    else this.renewedAt = sentAt;
    return !this.ended;
  }

  end(): void {
    this.ended = true;
  }

  private keep(hash: string, credential: Credential): void {
    const { keyId } = credential;
    // Its revocation is in the log and may not be in the documents yet.
    if (this.revoked.has(keyId)) return;
    this.byHash.set(hash, credential);
    this.hashes.set(keyId, hash);
    if (this.byHash.size <= this.maxKnown) return;
    const [oldest] = this.byHash;
    if (oldest) this.forget(oldest[0], oldest[1].keyId);
  }

  private forget(hash: string, keyId: string): void {
    this.byHash.delete(hash);
    this.hashes.delete(keyId);
  }
}
