import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';
import { fold } from './fold.js';
import { type Fields, type Operation, type Update, updateOperators, upsert } from './operation.js';
import { type RegistryEntry, type Registry } from './registry.js';

type Document = Fields & { readonly _id: string };

/** Carries out operations on one generation of a model, folded, collection by collection. */
export async function write(
  registry: Registry,
  entry: RegistryEntry,
  operations: readonly Operation[],
  session?: ClientSession,
): Promise<void> {
  const bySide = new Map<string, Operation[]>();
  for (const operation of operations) {
    const side = operation.collection ?? '';
    const own = bySide.get(side);
    if (own) own.push(operation);
    else bySide.set(side, [operation]);
  }
  for (const [side, own] of bySide) {
    await writeTo(registry.collectionOf<Document>(entry, side), fold(own), session);
  }
}

async function writeTo(
  collection: Collection<Document>,
  operations: readonly Operation[],
  session?: ClientSession,
): Promise<void> {
  const options = { ordered: true, ...(session && { session }) };
  const documents = operations.flatMap((operation) =>
    operation.kind === 'insert' ? [{ _id: operation.id, ...operation.fields }] : [],
  );
  if (documents.length === operations.length) {
    await collection.insertMany(documents, options);
  } else {
    await collection.bulkWrite(operations.flatMap(toWrites), options);
  }
}

function toWrites(operation: Operation): AnyBulkWriteOperation<Document>[] {
  if (operation.kind === 'insert') {
    return [{ insertOne: { document: { _id: operation.id, ...operation.fields } } }];
  }
  return operation.guard === undefined
    ? [toUpdate(operation, { _id: operation.id }, operation.upsert)]
    : guardedWrites(operation, operation.guard);
}

/**
 * A filtered upsert of a document that is already further on would fail as a duplicate and end the
 * transaction. So the upsert makes an empty document before all positions, and the change follows.
 */
function guardedWrites(operation: Update, guard: string): AnyBulkWriteOperation<Document>[] {
  const { id } = operation;
  const change = { ...operation, $set: { ...operation.$set, position: guard } };
  const guarded = toUpdate(change, { _id: id, position: { $lt: guard } }, false);
  if (!operation.upsert) return [guarded];
  return [toUpdate(upsert(id, { $setOnInsert: { position: '' } }), { _id: id }, true), guarded];
}

function toUpdate(
  operation: Update,
  filter: Readonly<Record<string, unknown>>,
  insertsMissing: boolean,
): AnyBulkWriteOperation<Document> {
  const update: Record<string, unknown> = {};
  for (const operator of updateOperators) {
    const fields = operation[operator];
    if (fields && Object.keys(fields).length > 0) update[operator] = fields;
  }
  return { updateOne: { filter, update, upsert: insertsMissing } };
}
