import { encodeRaw } from '../bson/key-encoding.js';
import { documentValue } from '../bson/raw.js';
import { documentOf } from '../bson/values.js';
import { planQuery } from '../plan/planner.js';
import { scan, type Found } from '../plan/scan.js';
import type { Filter } from '../query/matcher.js';
import type { Work } from '../sessions/turns.js';
import type { Collection } from '../storage/collection.js';
import { idOf, withId } from '../storage/document-id.js';
import { insertDocument, removeDocument, replaceDocument } from '../storage/documents.js';
import { immutableId, upsertSeed, type Update } from '../update/update.js';
import type { Writer } from './run-write.js';

/** Which documents a statement changes. */
export interface Selection {
  readonly filter: Filter;
  readonly one: boolean;
}

/**
 * Calls `change` for the selected documents as they are then; others may have had their turns since they
 * were found. All are found before the first is changed: a change must not meet its own results.
 */
export function* forEachSelected(
  { view }: Writer,
  collection: Collection | undefined,
  { filter, one }: Selection,
  change: (found: Found) => void,
): Work<number> {
  if (collection === undefined) return 0;
  const current = ({ primary }: Found): Found | undefined => {
    const raw = view.get(primary);
    const document = raw && documentValue(raw);
    return document !== undefined && filter.match(document) ? { primary, document } : undefined;
  };
  const found: Found[] = [];
  let hasPaused = false;
  for (const next of scan(planQuery(collection, filter, [], view), filter.match, view)) {
    const first = one && next !== undefined && hasPaused ? current(next) : next;
    if (first !== undefined) {
      found.push(first);
      if (one) break;
    }
    hasPaused = (yield) || hasPaused;
  }
  let changed = 0;
  for (const next of found) {
    const now = hasPaused && !one ? current(next) : next;
    if (now !== undefined) {
      change(now);
      changed += 1;
    }
    if (!one) hasPaused = (yield) || hasPaused;
  }
  return changed;
}

/** Applies an update to one document; the same bytes when it leaves it as it was. */
export function updateOne(writer: Writer, update: Update, found: Found): Buffer {
  const before = found.document.bytes;
  const after = withId(update.apply(before, false));
  if (after.equals(before)) return before;
  checkSameId(before, after);
  replaceDocument(writer.view, writer.obtain(), found.primary, before, after);
  return after;
}

export function removeOne(writer: Writer, { primary, document }: Found): void {
  removeDocument(writer.view, writer.obtain(), primary, document.bytes);
}

function checkSameId(before: Buffer, after: Buffer): void {
  if (!encodeRaw(idOf(before)).equals(encodeRaw(idOf(after)))) throw immutableId();
}

/** The document an upsert makes, stored. An `_id` that its query fixes stays as it is. */
export function upsertOne(writer: Writer, filter: Filter, update: Update): Buffer {
  const seed = upsertSeed(filter);
  const id = seed.fields().get('_id');
  const base = !update.isReplacement ? seed : documentOf(id === undefined ? [] : [['_id', id]]);
  const made = withId(update.apply(base.buf, true));
  if (id !== undefined) checkSameId(seed.buf, made);
  return insertDocument(writer.view, writer.obtain(), made);
}
