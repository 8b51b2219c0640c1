import type { Page } from '@keytrail/read-models';
import { limits } from './limits.js';

export interface ShownPage<Shown> {
  readonly shown: Shown[];
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null;
}

/**
 * A page as it is answered: as many of its items as an answer may hold, at least one.
 *
 * @param positionOf where a page that follows an item begins
 */
export function showPage<Item, Shown>(
  { items, next }: Page<Item>,
  toShown: (item: Item) => Shown,
  positionOf: (item: Item) => string,
): ShownPage<Shown> {
  const shown: Shown[] = [];
  let left: number = limits.pageSize;
  for (const item of items) {
    const entry = toShown(item);
    left -= JSON.stringify(entry).length;
    shown.push(entry);
    if (left <= 0 && shown.length < items.length) return { shown, next: positionOf(item) };
  }
  return { shown, next };
}
