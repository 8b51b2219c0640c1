import type { Subject } from '../api/queries.js';

/** Which lists an event of the feed changes, told by its type such as `keytrail.key.used.v1`. */
export function affectedBy(type: string): readonly Subject[] {
  if (type.startsWith('keytrail.key.used.')) return ['keys', 'usage', 'transactions', 'audit'];
  if (type.startsWith('keytrail.key.')) return ['keys', 'audit', 'unused-keys'];
  if (/^keytrail\.(member|invitation|account)\./.test(type)) return ['members', 'audit', 'session'];
  return ['audit'];
}

export const everything: readonly Subject[] = ['keys', 'usage', 'transactions', 'audit', 'members'];
