import { badInput } from './problem.js';

/** Positions as the read models write them: 20 digits, or two such numbers. */
const POSITION = /^\d{20}(-\d{20})?$/;

/** An opaque cursor for the place after which the next page begins. */
export const encodeCursor = (position: string): string =>
  Buffer.from(position).toString('base64url');

/** Reads a cursor back. @throws Problem 400 for one that no answer of ours contained */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!POSITION.test(position) || encodeCursor(position) !== cursor) {
    throw badInput([{ field: 'cursor', message: 'must be a nextCursor from an earlier answer' }]);
  }
  return position;
}
