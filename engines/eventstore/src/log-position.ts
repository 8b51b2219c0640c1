/**
 * A place in $all as the protocol names it. An event stands where both numbers are its position; with
 * a smaller prepare position the place lies just before the event.
 */
export interface LogPosition {
  readonly commit: number;
  readonly prepare: number;
}

/** Before everything; clients never see it. */
export const BEFORE_ALL: LogPosition = { commit: -1, prepare: -1 };

export const at = (position: number): LogPosition => ({ commit: position, prepare: position });

/** Negative when `a` lies before `b`. */
export function compare(a: LogPosition, b: LogPosition): number {
  return a.commit - b.commit || a.prepare - b.prepare;
}

/** Where to begin in $all; `invalid` can be sent but is never the place of anything. */
export type AllStart = 'start' | 'end' | 'invalid' | LogPosition;

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

/** @throws RangeError for what the real server takes for no position at all. */
export function parsePosition(commitText: string, prepareText: string): AllStart {
  const commit = BigInt(commitText);
  const prepare = BigInt(prepareText);
  if (prepare > commit) throw new RangeError('The prepare position lies behind the commit.');
  for (const part of [commit, prepare]) {
    if (part > MAX_INT64 && part !== MAX_UINT64) throw new RangeError('No position is that large.');
  }
  if (commit !== MAX_UINT64) return { commit: Number(commit), prepare: Number(prepare) };
  return prepare === MAX_UINT64 ? 'end' : 'invalid';
}
