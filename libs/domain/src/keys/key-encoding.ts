/** How often a text may be percent-encoded over and over and still be read. */
const MOST_LAYERS = 4;

/** A digit, a letter or an underscore in percent-encoding (RFC 3986, section 2.1), its `%` encoded or not. */
const ENCODED = /%(?:25)*(3\d|[46][1-9A-F]|[57][\dA]|5F)/gi;

/**
 * Reads a text as whoever decodes it does, as far as keys are concerned: the characters that keys
 * consist of in plain, all others as they are, so that what was JSON or an address still is.
 */
export function decodeKeyCharacters(text: string): string {
  let plain = text;
  for (let layer = 0; layer < MOST_LAYERS && plain.includes('%'); layer += 1) {
    const before = plain;
    plain = before.replace(ENCODED, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    if (plain === before) break;
  }
  return plain;
}
