import type { KeyRefused } from '@keytrail/domain';
import type { LogPosition } from '@keytrail/event-store';
import type { Credential } from '@keytrail/read-models';
import type { CallerRecord } from '../../http/caller-record.js';
import type { KeyIdentity } from '../permission/identity.js';

export type KeyFault = 'unknown_key' | 'revoked_key' | 'wrong_account';

/** Why a key that is known is refused. Each such attempt is recorded: the answers tell whoever probes. */
export type RefusalReason = KeyRefused['data']['reason'];

export type KeyVerdict =
  | {
      readonly ok: true;
      readonly identity: KeyIdentity;
      /** Whoever has read the log up to here has read of this use. */
      readonly position: LogPosition;
    }
  | { readonly ok: false; readonly code: KeyFault };

/** What the decision needs of the rest of the world. */
export interface KeyPorts {
  /** The credential of a key as it is now; none for a key that was never issued. */
  readonly lookUp: {
    findByHash(secretHash: string, ip: string | null): Promise<Credential | undefined>;
  };
  readonly record: {
    /** Resolves once the use is durable; it rejects when it may not be. */
    use(identity: KeyIdentity, caller: CallerRecord): Promise<LogPosition>;
    /** Notes an attempt with a key that is known, for which nobody waits. */
    refusal(identity: KeyIdentity, caller: CallerRecord, reason: RefusalReason): void;
  };
}

/** Which accounts a key must be of. */
export interface AccountTerms {
  /** Accounts that the request names; the key must be of each of them. */
  readonly named?: readonly string[];
  /** The only account whose keys the asker may know of; all other keys are unknown. */
  readonly within?: string | undefined;
}

/**
 * Decides whether a request that was made with a well-formed key goes on. A yes is given only once the
 * use is recorded (G1).
 *
 * @param secretHash SHA-256 of a well-formed key, hexadecimal
 * @param caller who made the request, which is recorded
 */
export async function decideOnKey(
  { lookUp, record }: KeyPorts,
  secretHash: string,
  caller: CallerRecord,
  { named = [], within }: AccountTerms = {},
): Promise<KeyVerdict> {
  const credential = await lookUp.findByHash(secretHash, caller.ip);
  if (!credential) return refused('unknown_key');
  const identity = identityOf(credential);
  const { accountId } = identity;
  if (within !== undefined && within !== accountId) return refused('unknown_key');
  const reason = refusalReason(credential, named);
  if (reason !== null) {
    record.refusal(identity, caller, reason);
    return refused(reason);
  }
  return { ok: true, identity, position: await record.use(identity, caller) };
}

const refusalReason = (
  { status, accountId }: Credential,
  named: readonly string[],
): RefusalReason | null => {
  if (status === 'Revoked') return 'revoked_key';
  return named.some((account) => account !== accountId) ? 'wrong_account' : null;
};

const refused = (code: KeyFault): KeyVerdict => ({ ok: false, code });

const identityOf = ({ keyId, accountId, name, keyPrefix }: Credential): KeyIdentity => ({
  kind: 'key',
  keyId,
  accountId,
  name,
  keyPrefix,
});
