import { successor } from '../bson/key-encoding.js';
import { shortened, shortenedRange } from '../storage/long-keys.js';
import type { KeyRange } from '../storage/view.js';
import type { FieldBounds } from './bounds.js';

/** The values as they stand in keys where each field has no more than its share. */
export function withinShare(
  bounds: FieldBounds | undefined,
  share: number,
  mixed: boolean,
): FieldBounds | undefined {
  if (bounds === undefined) return undefined;
  const isLong = ({ start, end }: KeyRange): boolean => start.length > share || end.length > share;
  if (!mixed && !bounds.ranges.some(isLong)) return bounds;
  const ranges = bounds.points
    ? bounds.ranges
        .map(({ start }) => shortened(start, share))
        .map((start) => ({ start, end: successor(start) }))
    : bounds.ranges.map((range) => shortenedRange(range, share, mixed));
  return { ...bounds, ranges: disjoint(ranges), exact: false };
}

/** Ranges in order, those that have come to overlap as one. */
function disjoint(ranges: readonly KeyRange[]): KeyRange[] {
  const sorted = [...ranges].sort((left, right) => left.start.compare(right.start));
  const result: KeyRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last === undefined || last.end.compare(range.start) <= 0) result.push(range);
    else if (last.end.compare(range.end) < 0) {
      result[result.length - 1] = { start: last.start, end: range.end };
    }
  }
  return result;
}
