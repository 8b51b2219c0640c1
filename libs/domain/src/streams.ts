/** The stream families of the log, each with the prefix of its stream names. */
export const streamFamilies = {
  log: 'keytrail-',
  apiKey: 'apiKey-',
  keyUsage: 'keyUsage-',
  keyRefusal: 'keyRefusal-',
  account: 'account-',
  session: 'session-',
  audit: 'audit-',
} as const;

/** The families in which each process writes a stream of its own. */
export type ProcessFamily = 'keyUsage' | 'keyRefusal' | 'session' | 'audit';

export const streamPrefixes: readonly string[] = Object.values(streamFamilies);

/** The stream that tells which log this is. */
export const LOG_STREAM = `${streamFamilies.log}log`;

export const keyStream = (keyId: string): string => streamFamilies.apiKey + keyId;

export const accountStream = (accountId: string): string => streamFamilies.account + accountId;

/** The name of a stream that one process alone writes, a new one each day: `keyUsage-2026-01-31.<process>`. */
export function processStream(family: ProcessFamily, day: string, processId: string): string {
  return `${streamFamilies[family]}${day}.${processId}`;
}
