/** What an operator of such a server is told. */
export const FAULTY_SERVER =
  'EventStoreDB 24.10.0 to 24.10.4 tell subscribers of an empty log a place that is none. Keytrail does not ' +
  'believe it, other subscribers may: update the server to 24.10.5 or later.';

/** @param version as the server tells it, such as `24.10.4` or `24.10.4.1234-abcdef` */
export const isFaulty = (version: string): boolean => /^24\.10\.[0-4](\D|$)/.test(version);
