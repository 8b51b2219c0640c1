/** Longer than any id, shorter than a key whose end was cut off. */
const SECRET_LIKE = /[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{30,}/g;

/** Replaces all that could be a key, whole or cut short, by what `by` makes of it. */
export const replaceSecrets = (text: string, by: (secret: string) => string): string =>
  text.replace(SECRET_LIKE, by);

/** Replaces all that could be a key, whole or cut short, by its prefix word. */
export const redact = (text: string): string =>
  replaceSecrets(text, (secret) => `${secret.slice(0, secret.indexOf('_') + 1)}[redacted]`);

/** Whether a text contains what could be a key. */
export const containsSecret = (text: string): boolean => redact(text) !== text;
