interface Page {
  readonly nextCursor: string | null;
}

/** Hands out the items of page after page, each page asked for when the one before is used up. */
export async function* iteratePages<One extends Page, Item>(
  cursor: string | undefined,
  read: (cursor: string | undefined) => Promise<One>,
  itemsOf: (page: One) => readonly Item[],
): AsyncGenerator<Item, void, undefined> {
  let next: string | null | undefined = cursor;
  do {
    const page: One = await read(next);
    yield* itemsOf(page);
    next = page.nextCursor;
  } while (next !== null);
}
