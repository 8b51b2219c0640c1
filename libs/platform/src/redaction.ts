/** Longer than any id of Keytrail, shorter than a key whose end was cut off. */
const SECRET_LIKE = /[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{30,}/g;
/** A part of each of them that is found, or found missing, several times faster. */
const SECRET_LIKE_END = /_[0-9A-Za-z]{30}/;

/** Replaces all that could be a key, whole or cut short, by its first characters. */
export function redact(text: string): string {
  if (!SECRET_LIKE_END.test(text)) return text;
  return text.replace(
    SECRET_LIKE,
    (secret) => `${secret.slice(0, secret.indexOf('_') + 1)}[redacted]`,
  );
}
