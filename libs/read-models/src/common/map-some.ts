/** Reads of one query that the database is asked for at once, so that others get their turn. */
const AT_ONCE = 4;

/** As `Promise.all` over a map, but a few at a time. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = 0; next < items.length; next += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(next, next + AT_ONCE).map(read))));
  }
  return results;
}
