import type { LogPosition, Progress } from './recorded-event.js';

const DIGITS = 20;

/** A position as text that sorts as the log does: the commit position, zero-padded to 20 digits. */
export function formatPosition(position: LogPosition): string {
  const commit = pad(position.commit);
  // A server may give the events of one write the same commit position.
  return position.prepare === position.commit ? commit : `${commit}-${pad(position.prepare)}`;
}

/** Reads back what `formatPosition` wrote. */
export function parsePosition(text: string): LogPosition {
  const [commit = '', prepare = commit] = text.split('-');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}

/** Negative when `a` stands before `b` in the log, zero when they are the same place. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return order(a.commit, b.commit) || order(a.prepare, b.prepare);
}

/** Negative when the first has come less far in Keytrail's events than the second, zero when both as far. */
export function compareProgress({ last: a }: Progress, { last: b }: Progress): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return comparePositions(a.position, b.position);
}

const pad = (value: bigint): string => value.toString().padStart(DIGITS, '0');
const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
