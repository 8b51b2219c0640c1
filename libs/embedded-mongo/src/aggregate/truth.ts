import { asNumber } from '../bson/codec.js';

/** The server's truth: everything but false, null, missing and zero. */
export function isTrue(value: unknown): boolean {
  if (value === false || value === null || value === undefined) return false;
  return asNumber(value) !== 0;
}

export const isNil = (value: unknown): value is null | undefined =>
  value === null || value === undefined;
