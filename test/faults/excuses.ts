import type { Answer } from '../support/client.js';

export type Operation = 'create' | 'use' | 'revoke';

/** What the client that asks knows of the key it asks about. */
export interface KnownKey {
  readonly apiKeyId: string;
  /** Somebody has at least tried to revoke it: whether that was recorded, only the log knows. */
  readonly revocationTried: boolean;
}

type Refusal = Pick<Answer, 'status' | 'body'>;

/**
 * What no fault excuses about a refusal, as a line to be read; `null` when it may happen under faults.
 * Faults excuse that nothing could be recorded or looked up (503) and that others were first (409
 * `conflict`), and a revocation explains `revoked_key`. Nothing explains that an acknowledged key or a
 * session is unknown.
 */
export function inexcusable(
  operation: Operation,
  { status, body }: Refusal,
  key?: KnownKey,
): string | null {
  const code = String(body['code']);
  if (status === 503) return null;
  if (status === 409 && code === 'conflict') return null;
  const isRevoked = operation === 'use' && status === 401 && code === 'revoked_key';
  if (isRevoked && key?.revocationTried) return null;
  return `${operation} of ${key?.apiKeyId ?? 'a key'} answered ${status} ${code}`;
}
