import { encodeRaw } from '../bson/key-encoding.js';
import { documentValue, findField, type RawValue } from '../bson/raw.js';
import { documentOf } from '../bson/values.js';
import { planQuery } from '../plan/planner.js';
import type { Found } from '../plan/scan.js';
import type { Filter } from '../query/matcher.js';
import { sortKeyer, type SortField } from '../query/sort.js';
import { Sorter } from '../query/sorter.js';
import type { Collection } from '../storage/catalog.js';
import { withId } from '../storage/document-id.js';
import { insertDocument, removeDocument, replaceDocument } from '../storage/documents.js';
import { idOf } from '../storage/index-keys.js';
import { immutableId, upsertSeed, type Update } from '../update/update.js';
import type { Work, Writer } from './run-write.js';

const ID = Buffer.from('_id');

/** Which documents a statement changes. */
export interface Selection {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly hint: RawValue | undefined;
  readonly one: boolean;
}

/** The matches, all collected before anything is changed: a change must not meet its own results. */
function* collect(writer: Writer, collection: Collection, selection: Selection): Work<Found[]> {
  const { filter, sort, hint, one } = selection;
  const plan = planQuery(collection, filter, sort, writer.view, hint);
  const scan = writer.reader.scan(plan, filter.match);
  const keyOf = plan.sorted ? undefined : sortKeyer(sort);
  const sorter = new Sorter<Found>(one ? 1 : Infinity);
  const found: Found[] = [];
  for (const next of scan.found()) {
    if (next !== undefined && keyOf === undefined) found.push(next);
    else if (next !== undefined) sorter.add(keyOf?.(next.document) ?? ID, next, next.document.size);
    if (one && found.length > 0) break;
    yield;
  }
  writer.reader.scans.delete(scan);
  return keyOf === undefined ? found : [...sorter.drain()];
}

/** Calls `change` for each selected document as it is now; others may have had their turns since it was found. */
export function* forEachSelected(
  writer: Writer,
  collection: Collection | undefined,
  selection: Selection,
  change: (found: Found) => void,
): Work<number> {
  if (collection === undefined) return 0;
  for (;;) {
    const found = yield* collect(writer, collection, selection);
    const pauses = writer.reader.pauses;
    let changed = 0;
    for (const one of found) {
      const current = writer.reader.pauses === pauses ? one : refound(writer, selection, one);
      if (current === undefined) continue;
      change(current);
      changed += 1;
      yield;
    }
    if (changed > 0 || found.length === 0 || !selection.one) return changed;
  }
}

function refound({ view }: Writer, { filter }: Selection, { primary }: Found): Found | undefined {
  const raw = view.get(primary);
  const document = raw && documentValue(raw);
  return document !== undefined && filter.match(document) ? { primary, document } : undefined;
}

/** Applies an update to one document; the same bytes when it leaves it as it was. */
export function updateOne(writer: Writer, update: Update, found: Found): Buffer {
  const before = found.document.bytes;
  const after = withId(update.apply(before, false));
  if (after.equals(before)) return before;
  const collection = writer.obtain();
  if (!encodeRaw(idOf(before)).equals(encodeRaw(idOf(after)))) throw immutableId();
  replaceDocument(writer.view, collection, found.primary, before, after);
  return after;
}

export function removeOne(writer: Writer, { primary, document }: Found): void {
  removeDocument(writer.view, writer.obtain(), primary, document.bytes);
}

/** An `_id` that the query of an upsert fixes stays as it is. */
function checkSameId(before: RawValue, after: Buffer): void {
  const id = findField(after, 0, ID);
  if (id === undefined || !encodeRaw(id).equals(encodeRaw(before))) throw immutableId();
}

/** The document an upsert makes, stored. */
export function upsertOne(writer: Writer, filter: Filter, update: Update): Buffer {
  const seed = upsertSeed(filter);
  const id = findField(seed.buf, 0, ID);
  const base = !update.isReplacement ? seed : documentOf(id === undefined ? [] : [['_id', id]]);
  const made = update.apply(base.buf, true);
  if (id !== undefined) checkSameId(id, made);
  return insertDocument(writer.view, writer.obtain(), made);
}
