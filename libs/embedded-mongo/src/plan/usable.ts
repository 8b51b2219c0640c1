import type { RawValue } from '../bson/raw.js';
import { badValue, notImplemented } from '../errors.js';
import type { Filter } from '../query/matcher.js';
import type { Collection, IndexSpec } from '../storage/catalog.js';
import type { View } from '../storage/view.js';
import { impliesPartial } from './partial.js';

/** Partial indexes miss documents, and new ones all: usable only if the query cannot want those. */
export function usable(index: IndexSpec, filter: Filter, view: View): boolean {
  if (!view.sees(index)) return false;
  return index.partialExpression === undefined || impliesPartial(filter, index.partialExpression);
}

/** An index key as text, to compare it with another. */
export const keyText = (key: RawValue): string =>
  JSON.stringify(key.entries().map(([path, order]) => [path, Math.sign(order.number ?? 0)]));

const ID_KEY = '[["_id",1]]';

export function hinted(
  collection: Collection,
  hint: RawValue,
  filter: Filter,
  view: View,
): IndexSpec | undefined {
  const name = hint.text;
  const text = hint.isObject ? keyText(hint) : undefined;
  if (name === '_id_' || text === ID_KEY) return undefined;
  const index = collection.indexes.find((one) => one.name === name || keyText(one.key) === text);
  if (index === undefined || !view.sees(index)) {
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  if (!usable(index, filter, view)) {
    throw notImplemented(
      'a hint of a partial index that does not hold all that the query may match',
    );
  }
  return index;
}
