const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BEYOND_ASCII = /[\u0080-\u{10ffff}]/u;
const ENCODED = /(?:%[0-9a-f]{2})+/gi;
const UNPRINTED = /[^\x21-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}]/gu;
/** ASCII that means the same whether it is percent-encoded or not (RFC 3986, section 2.3), and all other letters. */
const PLAIN = /^(?:[A-Za-z0-9._~-]|[\u0080-\u{10ffff}])$/u;

/** Reads bytes as UTF-8; `null` when they are none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** A header or an address as it was meant: Node.js gives each of its bytes as a character. */
export const textOnWire = (bytes: string): string =>
  BEYOND_ASCII.test(bytes) ? (decodeUtf8(Buffer.from(bytes, 'latin1')) ?? bytes) : bytes;

/** The other way: a text as headers hold it, each of its bytes as a character. */
export const bytesOnWire = (text: string): string => Buffer.from(text).toString('latin1');

/**
 * The one spelling of a path (RFC 3986, section 6.2.2, and RFC 3987 for letters beyond ASCII): what is
 * percent-encoded without need is shown, and what cannot be shown is percent-encoded.
 */
export function spelledPath(path: string): string {
  const shown = path.includes('%') ? path.replace(ENCODED, decoded) : path;
  return shown.toWellFormed().replace(UNPRINTED, encodeURIComponent);
}

function decoded(run: string): string {
  const text = decodeUtf8(Buffer.from(run.replaceAll('%', ''), 'hex'));
  if (text === null) return run.toUpperCase();
  return Array.from(text, (one) => (PLAIN.test(one) ? one : encodeURIComponent(one))).join('');
}
