import type { Document } from 'bson';
import { Doc } from '../aggregate/doc.js';
import { asBoolean, decodeBoxed, decodeValue } from '../bson/codec.js';
import { failedToParse } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { compileProjection, type Projection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import { removeDocument } from '../storage/documents.js';
import { idOf } from '../storage/index-keys.js';
import type { View } from '../storage/view.js';
import { compileUpdate } from '../update/update.js';
import { documentOption, namespaceOf, refuseCollation, type CommandContext } from './context.js';
import { runWrite } from './run-write.js';
import { collect, updateOne, upsertOne } from './write.js';

const shown = (raw: Buffer | undefined, projection: Projection | undefined): Document | null => {
  if (raw === undefined) return null;
  return projection ? projection(Doc.ofRaw(raw)).boxed : decodeBoxed(raw);
};

/** findAndModify: one document found, changed or removed, and shown as it was or as it became. */
export function findAndModify(context: CommandContext): Promise<Document> {
  const { body } = context.command;
  refuseCollation(body);
  const namespace = namespaceOf(context);
  const isRemove = asBoolean(body.remove);
  const isUpsert = asBoolean(body.upsert);
  const wantsNew = asBoolean(body.new);
  if (isRemove === (body.update !== undefined)) {
    throw failedToParse('Either an update or remove=true must be specified, and not both');
  }
  const variables = documentOption(body, 'let') ?? {};
  const filter = compileFilter(documentOption(body, 'query') ?? {}, variables);
  const sort = parseSort(documentOption(body, 'sort'));
  const projection = compileProjection(documentOption(body, 'fields'), { variables, find: true });
  const update = isRemove ? undefined : compileUpdate(body.update, body.arrayFilters);
  const change = (view: View, obtain: () => Collection): Document => {
    const collection = context.database.catalog.get(namespace);
    const found =
      collection && collect(view, collection, filter, { sort, hint: body.hint, one: true })[0];
    if (found === undefined) {
      if (!isUpsert || update === undefined) {
        const lastErrorObject = isRemove ? { n: 0 } : { n: 0, updatedExisting: false };
        return { lastErrorObject, value: null, ok: 1 };
      }
      const raw = upsertOne(view, obtain(), filter, update);
      const upserted = decodeValue(idOf(raw));
      const value = wantsNew ? shown(raw, projection) : null;
      return { lastErrorObject: { n: 1, updatedExisting: false, upserted }, value, ok: 1 };
    }
    if (update === undefined) {
      const owner = obtain();
      removeDocument(view, owner, found.primary, found.raw);
      view.addCount(owner.treeId, -1);
      return { lastErrorObject: { n: 1 }, value: shown(found.raw, projection), ok: 1 };
    }
    const after = updateOne(view, obtain(), update, found);
    const value = shown(wantsNew ? after : found.raw, projection);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value, ok: 1 };
  };
  return runWrite(context, namespace, function* (view, obtain) {
    yield;
    return change(view, obtain);
  });
}
