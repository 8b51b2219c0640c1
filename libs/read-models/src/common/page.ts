/** One page of a list, and the position to go on from; `null` on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Makes a page of what a query for one item more than the limit has found. */
export function toPage<Item>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => string,
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last ? positionOf(last) : null };
}
