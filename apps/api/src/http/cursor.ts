import { createHash } from 'node:crypto';
import { badInput } from './problem.js';

/** Positions as the read models write them: 20 digits, or two such numbers. */
const POSITION = String.raw`\d{20}(?:-\d{20})?`;
const PLACE = new RegExp(`^(${POSITION})(?:~(${POSITION}))?[.]([\\w-]{11})$`);

/** Between two pages of a list. */
export interface Place {
  /** The position of the last item of the page before. */
  readonly after: string;
  /** The last position that belongs to the list, for one that would grow while it is read. */
  readonly until?: string;
}

/** A list and all that narrows it down, its account included: what a cursor is good for. */
export type ListScope = Readonly<Record<string, unknown>> & { readonly list: string };

/** An opaque cursor for the next page of this list. */
export const encodeCursor = ({ after, until }: Place, scope: ListScope): string =>
  Buffer.from(`${after}${until === undefined ? '' : `~${until}`}.${fingerprintOf(scope)}`).toString(
    'base64url',
  );

/** Reads a cursor back. @throws Problem 400 for one that no answer of this very list contained */
export function decodeCursor(cursor: string | undefined, scope: ListScope): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, after, until, fingerprint] =
    PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const place = after === undefined ? undefined : { after, ...(until !== undefined && { until }) };
  if (!place || encodeCursor(place, scope) !== cursor) {
    const message =
      place && fingerprint !== fingerprintOf(scope)
        ? 'belongs to another list, filter or order; begin again without it'
        : 'must be a nextCursor from an earlier answer';
    throw badInput([{ field: 'cursor', message }]);
  }
  return place;
}

/** Tells lists apart; it is no secret, for a position tells nothing and every list asks who may read it. */
function fingerprintOf(scope: ListScope): string {
  const parts = Object.entries(scope).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}
