import type { Document } from 'bson';
import {
  asBoolean,
  asNumber,
  decodeBoxed,
  decodeValue,
  encode,
  isPlainObject,
} from '../bson/codec.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { checkDocument, findField } from '../bson/raw.js';
import { failedToParse, MongoFault, toFault } from '../errors.js';
import { planQuery } from '../plan/planner.js';
import { Scan, type Found } from '../plan/scan.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { parseSort, sortKeyer, Sorter, type SortField } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import { insertDocument, removeDocument, replaceDocument, withId } from '../storage/documents.js';
import { idOf, primaryKey } from '../storage/index-keys.js';
import type { View } from '../storage/view.js';
import { compileUpdate, immutableId, upsertSeed, type Update } from '../update/update.js';
import { namespaceOf, refuseCollation, type CommandContext } from './context.js';
import { runWrite } from './run-write.js';

const MAX_BATCH = 100_000;
const ID = Buffer.from('_id');

function batchOf({ command }: CommandContext, field: string): readonly Buffer[] {
  const batch = command.batches.get(field);
  if (batch === undefined || batch.length === 0 || batch.length > MAX_BATCH) {
    throw new MongoFault(
      72,
      `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${batch?.length ?? 0} operations.`,
    );
  }
  return batch;
}

const isOrdered = ({ command }: CommandContext): boolean =>
  command.body.ordered === undefined || asBoolean(command.body.ordered);

/** Runs the statements of a batch, interruptibly; one that fails ends an ordered batch and spares the others. */
function* runStatements(
  context: CommandContext,
  statements: readonly Buffer[],
  run: (statement: Buffer, index: number) => void,
): Generator<void, Document[], void> {
  const errors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      const fault = toFault(error);
      if (fault.labels.length > 0 || fault.code === 1) throw error;
      errors.push({ index, code: fault.code, errmsg: fault.message, ...fault.details });
      if (isOrdered(context) || context.transaction !== undefined) break;
    }
    yield;
  }
  return errors;
}

const withErrors = (reply: Document, errors: readonly Document[]): Document =>
  errors.length > 0 ? { ...reply, writeErrors: errors, ok: 1 } : { ...reply, ok: 1 };

export function insert(context: CommandContext): Promise<Document> {
  const documents = batchOf(context, 'documents');
  return runWrite(context, namespaceOf(context), function* (view, obtain) {
    const collection = obtain();
    let inserted = 0;
    const errors = yield* runStatements(context, documents, (document) => {
      checkDocument(document);
      insertDocument(view, collection, document);
      inserted += 1;
    });
    view.addCount(collection.treeId, inserted);
    return withErrors({ n: inserted }, errors);
  });
}

/** Collects matches before anything is changed, so that a change cannot meet its own results. */
function collect(
  view: View,
  collection: Collection,
  filter: Filter,
  options: { readonly sort?: readonly SortField[]; readonly hint?: unknown; readonly one: boolean },
): Found[] {
  const sort = options.sort ?? [];
  const plan = planQuery(collection, filter, sort, view, options.hint ?? undefined);
  const scan = new Scan(plan, filter.match, view);
  const keyOf = plan.sorted ? undefined : sortKeyer(sort);
  const sorter = new Sorter<Found>(options.one ? 1 : Infinity);
  const found: Found[] = [];
  for (let next = scan.next(); next !== undefined; next = scan.next()) {
    if (keyOf !== undefined) sorter.add(keyOf(next.raw), next, next.raw.length);
    else found.push(next);
    if (options.one && keyOf === undefined) break;
  }
  scan.suspend();
  return keyOf === undefined ? found : sorter.drain();
}

/** Applies an update to one document; false when it leaves it as it was. */
function updateOne(view: View, collection: Collection, update: Update, found: Found): Buffer {
  const after = update.apply(found.raw, false);
  if (after.equals(found.raw)) return found.raw;
  const primary = primaryKey(collection.treeId, idOf(withId(after)));
  if (!primary.equals(found.primary)) throw immutableId();
  const ordered = withId(after);
  replaceDocument(view, collection, found.primary, found.raw, ordered);
  return ordered;
}

/** An `_id` that the query of an upsert fixes stays as it is. */
function checkSameId(before: Buffer, after: Buffer): void {
  const id = findField(after, 0, ID);
  if (id === undefined || !encodeRaw(id).equals(encodeRaw(idOf(before)))) throw immutableId();
}

/** The document an upsert makes, stored. */
function upsertOne(view: View, collection: Collection, filter: Filter, update: Update): Buffer {
  const seed = upsertSeed(filter);
  const base = encode(
    update.isReplacement && '_id' in seed
      ? { _id: seed._id as unknown }
      : update.isReplacement
        ? {}
        : seed,
  );
  const made = update.apply(base, true);
  if ('_id' in seed) checkSameId(base, made);
  const raw = insertDocument(view, collection, made);
  view.addCount(collection.treeId, 1);
  return raw;
}

interface UpdateTotals {
  matched: number;
  modified: number;
  readonly upserted: Document[];
}

function updateStatement(
  view: View,
  collection: Collection | undefined,
  obtain: () => Collection,
  statement: Document,
  index: number,
  totals: UpdateTotals,
): void {
  refuseCollation(statement);
  const filter = compileFilter(queryOf(statement), variablesOf(statement));
  const update = compileUpdate(statement.u, statement.arrayFilters);
  const multi = asBoolean(statement.multi);
  if (multi && update.isReplacement) {
    throw failedToParse('multi update is not supported for replacement-style update');
  }
  const sort = isPlainObject(statement.sort) ? parseSort(statement.sort) : [];
  const found =
    collection === undefined
      ? []
      : collect(view, collection, filter, { sort, hint: statement.hint, one: !multi });
  if (found.length === 0 && asBoolean(statement.upsert)) {
    const raw = upsertOne(view, obtain(), filter, update);
    totals.matched += 1;
    totals.upserted.push({ index, _id: decodeValue(idOf(raw)) });
    return;
  }
  for (const match of found) {
    const after = updateOne(view, obtain(), update, match);
    totals.matched += 1;
    if (after !== match.raw) totals.modified += 1;
  }
}

function queryOf(statement: Document): Document {
  if (!isPlainObject(statement.q))
    throw failedToParse("BSON field 'q' is missing or not a document");
  return statement.q;
}

const variablesOf = (statement: Document): Document =>
  isPlainObject(statement.c) ? statement.c : {};

export function update(context: CommandContext): Promise<Document> {
  const statements = batchOf(context, 'updates');
  const namespace = namespaceOf(context);
  return runWrite(context, namespace, function* (view, obtain) {
    const totals: UpdateTotals = { matched: 0, modified: 0, upserted: [] };
    const errors = yield* runStatements(context, statements, (statement, index) => {
      const collection = context.database.catalog.get(namespace);
      updateStatement(view, collection, obtain, decodeBoxed(statement), index, totals);
    });
    const reply = { n: totals.matched, nModified: totals.modified };
    const upserted = totals.upserted.length > 0 ? { upserted: totals.upserted } : {};
    return withErrors({ ...reply, ...upserted }, errors);
  });
}

export function remove(context: CommandContext): Promise<Document> {
  const statements = batchOf(context, 'deletes');
  const namespace = namespaceOf(context);
  return runWrite(context, namespace, function* (view, obtain) {
    let removed = 0;
    const errors = yield* runStatements(context, statements, (raw) => {
      const statement = decodeBoxed(raw);
      refuseCollation(statement);
      const filter = compileFilter(queryOf(statement), variablesOf(statement));
      if (context.database.catalog.get(namespace) === undefined) return;
      const collection = obtain();
      const one = asNumber(statement.limit) === 1;
      const found = collect(view, collection, filter, { hint: statement.hint, one });
      for (const { primary, raw: document } of found) {
        removeDocument(view, collection, primary, document);
      }
      view.addCount(collection.treeId, -found.length);
      removed += found.length;
    });
    return withErrors({ n: removed }, errors);
  });
}

export { collect, updateOne, upsertOne };
