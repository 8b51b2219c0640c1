/** Names one attempt to create a key. `crypto.randomUUID` is missing on plain http, where Keytrail may well be served. */
export const newAttemptId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
