import { documentValue, type Fields, type RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { failedToParse } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { compileProjection, type Projection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import { idOf } from '../storage/index-keys.js';
import { compileUpdate, type Update } from '../update/update.js';
import type { Reply } from '../wire/message.js';
import { forEachSelected, removeOne, updateOne, upsertOne, type Selection } from './changes.js';
import {
  documentField,
  fieldOf,
  flagField,
  hintField,
  namespaceOf,
  refuseCollation,
  type CommandContext,
} from './context.js';
import { runWrite, type WriteReply } from './run-write.js';

interface Change {
  readonly selection: Selection;
  /** Undefined: the document is removed. */
  readonly update: Update | undefined;
  readonly projection: Projection | undefined;
  readonly isUpsert: boolean;
  readonly showsNew: boolean;
}

const ALL = toDocument({});

function parse(body: Fields): Change {
  refuseCollation(body);
  const spec = fieldOf(body, 'update');
  const isRemove = flagField(body, 'remove') === true;
  if (isRemove === (spec !== undefined)) {
    throw failedToParse('Either an update or remove=true must be specified, and not both');
  }
  const isUpsert = flagField(body, 'upsert') === true;
  const showsNew = flagField(body, 'new') === true;
  if (isRemove && (isUpsert || showsNew)) {
    throw failedToParse('Cannot specify both upsert or new and remove=true');
  }
  return {
    selection: {
      filter: compileFilter(documentField(body, 'query') ?? ALL),
      sort: parseSort(documentField(body, 'sort')),
      hint: hintField(body),
      one: true,
    },
    update: spec && compileUpdate(spec),
    projection: compileProjection(documentField(body, 'fields'), new Map()),
    isUpsert,
    showsNew,
  };
}

function reply(lastErrorObject: WriteReply, value: RawValue | null, change: Change): WriteReply {
  const shown = value === null || !change.projection ? value : change.projection(value);
  return { lastErrorObject, value: shown, ok: 1 };
}

/** findAndModify: one document found, changed or removed, and shown as it was or as it became. */
export function findAndModify(context: CommandContext): Promise<Reply> {
  const change = parse(context.command.body);
  const { selection, update, isUpsert, showsNew } = change;
  const namespace = namespaceOf(context);
  return runWrite(context, namespace, function* (writer) {
    const collection = context.database.catalog.get(namespace);
    let result: WriteReply | undefined;
    yield* forEachSelected(writer, collection, selection, (found) => {
      if (update === undefined) {
        removeOne(writer, found);
        result = reply({ n: 1 }, found.document, change);
        return;
      }
      const after = updateOne(writer, update, found);
      const value = showsNew ? documentValue(after) : found.document;
      result = reply({ n: 1, updatedExisting: true }, value, change);
    });
    if (result !== undefined) return result;
    if (update === undefined) return reply({ n: 0 }, null, change);
    if (!isUpsert) return reply({ n: 0, updatedExisting: false }, null, change);
    const raw = upsertOne(writer, selection.filter, update);
    const lastError = { n: 1, updatedExisting: false, upserted: idOf(raw) };
    return reply(lastError, showsNew ? documentValue(raw) : null, change);
  });
}
