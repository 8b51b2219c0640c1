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

export type StreamFamily = keyof typeof streamFamilies;

/** The name of a stream of one family, or of any. */
export type StreamName<Family extends StreamFamily = StreamFamily> =
  `${(typeof streamFamilies)[Family]}${string}`;

/** The families in which each process writes a stream of its own. */
export type ProcessFamily = 'keyUsage' | 'keyRefusal' | 'session' | 'audit';

export const streamPrefixes: readonly string[] = Object.values(streamFamilies);

/** The stream that tells which log this is. */
export const LOG_STREAM = `${streamFamilies.log}log` as const;

export const keyStream = (keyId: string): StreamName<'apiKey'> =>
  `${streamFamilies.apiKey}${keyId}`;

export const accountStream = (accountId: string): StreamName<'account'> =>
  `${streamFamilies.account}${accountId}`;

/** The name of a stream that one process alone writes, a new one each day: `keyUsage-2026-01-31.<process>`. */
export function processStream<Family extends ProcessFamily>(
  family: Family,
  day: string,
  processId: string,
): StreamName<Family> {
  return `${streamFamilies[family]}${day}.${processId}`;
}
