import { createHash, randomInt, randomUUID } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 22 base62 characters carry 131 bits. */
const ID_LENGTH = 22;

type IdKind = 'key' | 'acc' | 'inv';

/** An id that cannot be guessed, such as `key_6dQx…`: 131 random bits. */
export function randomId(kind: IdKind): string {
  const characters = Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(62)));
  return `${kind}_${characters.join('')}`;
}

/** The one id that follows from the given parts: the same parts, the same id. 131 bits of SHA-256. */
export function derivedId(kind: IdKind, ...parts: readonly string[]): string {
  let rest = BigInt(`0x${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`);
  let characters = '';
  for (let digit = 0; digit < ID_LENGTH; digit += 1) {
    characters += ALPHABET.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return `${kind}_${characters}`;
}

/** A unique id (UUIDv4) for requests, commands and processes. */
export const uniqueId = (): string => randomUUID();

/** The id of the event with this index that a command causes (UUIDv5): a repeat has the same. */
export const eventId = (causationId: string, index: number): string =>
  uuidV5(String(index), causationId);
