import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeKeyCharacters } from './key-encoding.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 36;
const CHECKSUM_LENGTH = 6;
const SHOWN_LENGTH = 8;
const KEY_PATTERN = /^([a-z][a-z0-9]{1,9})_([0-9A-Za-z]{36})([0-9A-Za-z]{6})$/;

/** Draws an integer from 0 (included) to `bound` (excluded), unbiased. */
export type RandomInteger = (bound: number) => number;

const KEY_LIKE = /[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{42}(?![0-9A-Za-z])/;
/** A key, whole or with its end cut off: longer than any id of Keytrail. */
export const KEY_LIKE_CUT = /[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{30,}/;
/** A part of every key that is found, or found missing, several times faster. */
const KEY_LIKE_END = /_[0-9A-Za-z]{42}/;

/**
 * Makes a key: `<prefixWord>_`, 36 random base62 characters, 6 characters of checksum
 * (46 characters with the prefix word `axk`).
 *
 * @param random defaults to the operating system's CSPRNG with rejection sampling
 */
export function generateKey(prefixWord: string, random: RandomInteger = randomInt): string {
  let body = `${prefixWord}_`;
  for (let drawn = 0; drawn < RANDOM_LENGTH; drawn += 1) {
    body += ALPHABET.charAt(random(ALPHABET.length));
  }
  return body + checksum(body);
}

/** CRC-32 (ISO-HDLC, as in zlib) of all that stands before it, base62, most significant digit first. */
export function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit += 1) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}

/** Tells a typo from a key without any look-up: the right prefix word, alphabet, length and checksum. */
export function isWellFormedKey(text: string, prefixWord: string): boolean {
  const match = KEY_PATTERN.exec(text);
  return (
    match?.[1] === prefixWord &&
    checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH)
  );
}

/**
 * Whether anything in a text has the shape of a key, whatever its prefix word and checksum, also when
 * characters of it are percent-encoded.
 */
export function containsKey(text: string): boolean {
  const plain = decodeKeyCharacters(text);
  return KEY_LIKE_END.test(plain) && KEY_LIKE.test(plain);
}

/**
 * The first part of a text that has the shape of a key, whole or with its end cut off, also when characters
 * of it are percent-encoded; `null` when there is none. An id is shorter.
 */
export function keyLikeIn(text: string): string | null {
  return KEY_LIKE_CUT.exec(decodeKeyCharacters(text))?.[0] ?? null;
}

/** What lists show of a key: its first eight characters. */
export function shownPrefix(key: string): string {
  return key.slice(0, SHOWN_LENGTH);
}

/** SHA-256 of a key as 64 hexadecimal digits: the only form in which a key is kept. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex');
}
