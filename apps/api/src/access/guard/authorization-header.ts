import { isWellFormedKey } from '@keytrail/domain';

export type AuthorizationFault = 'malformed_authorization' | 'malformed_key';

export type BearerKey =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly code: AuthorizationFault };

const BEARER = /^Bearer ([^\s]+)$/i;

/** Takes the key out of `Authorization: Bearer <key>` (RFC 6750) and tells a typo without any I/O. */
export function parseAuthorization(header: string, keyPrefix: string): BearerKey {
  const key = BEARER.exec(header)?.[1];
  if (key === undefined) return { ok: false, code: 'malformed_authorization' };
  return isWellFormedKey(key, keyPrefix) ? { ok: true, key } : { ok: false, code: 'malformed_key' };
}
