/** One attempt to use a key, with times of one monotonic clock, in milliseconds. */
export interface Use {
  readonly kind: 'use';
  readonly keyId: string;
  readonly startedAt: number;
  readonly accepted: boolean;
}

/** One acknowledged revocation. */
export interface Revocation {
  readonly kind: 'revocation';
  readonly keyId: string;
  readonly acknowledgedAt: number;
}

export type Operation = Use | Revocation;

/**
 * The uses that break linearizable revocation: accepted although they began after a revocation of
 * their key had been acknowledged. One pass to find each key's first acknowledgement, one over the
 * uses: O(n).
 */
export function findStaleUses(history: readonly Operation[]): Use[] {
  const revokedAt = new Map<string, number>();
  for (const operation of history) {
    if (operation.kind !== 'revocation') continue;
    const { keyId, acknowledgedAt } = operation;
    revokedAt.set(keyId, Math.min(acknowledgedAt, revokedAt.get(keyId) ?? Infinity));
  }
  return history.filter(
    (operation): operation is Use =>
      operation.kind === 'use' &&
      operation.accepted &&
      operation.startedAt > (revokedAt.get(operation.keyId) ?? Infinity),
  );
}
