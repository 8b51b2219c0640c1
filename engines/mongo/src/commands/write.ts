import { failedToParse, MongoFault, toFault } from '../bson/errors.js';
import { documentValue, type Fields, type RawValue } from '../bson/raw.js';
import { checkDocument } from '../bson/values.js';
import type { Work } from '../sessions/turns.js';
import { idOf } from '../storage/document-id.js';
import { insertDocument } from '../storage/documents.js';
import { compileUpdate } from '../update/update.js';
import type { Reply } from '../wire/message.js';
import { forEachSelected, removeOne, updateOne, upsertOne, type Selection } from './changes.js';
import {
  checkFields,
  filterField,
  flagField,
  namespaceOf,
  type CommandContext,
} from './context.js';
import { runWrite, type Writer, type WriteReply } from './run-write.js';

/** Fields of a statement of `update`. */
export const UPDATE_FIELDS = ['q', 'u', 'multi', 'upsert'] as const;

/** Fields of a statement of `delete`. */
export const DELETE_FIELDS = ['q', 'limit'] as const;

const MAX_BATCH = 100_000;

/**
 * Runs the statements of a batch; one that fails ends an ordered batch and spares the others.
 *
 * @param run carries out one of them, encoded
 */
function runBatch(
  context: CommandContext,
  field: string,
  begin: (writer: Writer) => {
    readonly run: (statement: Buffer, index: number) => Work<void>;
    readonly reply: () => WriteReply;
  },
): Promise<Reply> {
  const { command, transaction } = context;
  const statements = command.batches.get(field) ?? [];
  if (statements.length === 0 || statements.length > MAX_BATCH) {
    throw new MongoFault(
      72,
      `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${statements.length} operations.`,
    );
  }
  const isOrdered = flagField(command.body, 'ordered') ?? true;
  return runWrite(context, namespaceOf(context), function* (writer) {
    const { run, reply } = begin(writer);
    const errors: WriteReply[] = [];
    for (const [index, statement] of statements.entries()) {
      try {
        checkDocument(statement);
        yield* run(statement, index);
      } catch (error) {
        const fault = toFault(error);
        if (fault.labels.length > 0 || fault.code === 1) throw error;
        errors.push({ index, code: fault.code, errmsg: fault.message, ...fault.details });
        if (isOrdered || transaction !== undefined) break;
      }
      yield;
    }
    return { ...reply(), ...(errors.length > 0 ? { writeErrors: errors } : {}), ok: 1 };
  });
}

export const insert = (context: CommandContext): Promise<Reply> =>
  runBatch(context, 'documents', (writer) => {
    let inserted = 0;
    return {
      // eslint-disable-next-line require-yield -- one document is one step
      *run(document) {
        insertDocument(writer.view, writer.obtain(), document);
        inserted += 1;
      },
      reply: () => ({ n: inserted }),
    };
  });

function statementOf(raw: Buffer, known: readonly string[], of: string): Fields {
  const statement = documentValue(raw).fields();
  checkFields(statement, known, of);
  if (!statement.at('q').isObject) {
    throw failedToParse("BSON field 'q' is missing or not a document");
  }
  return statement;
}

export const update = (context: CommandContext): Promise<Reply> =>
  runBatch(context, 'updates', (writer) => {
    const totals = { n: 0, nModified: 0 };
    const upserted: { readonly index: number; readonly _id: RawValue }[] = [];
    return {
      *run(raw, index) {
        const statement = statementOf(raw, UPDATE_FIELDS, 'update.updates');
        const multi = flagField(statement, 'multi') ?? false;
        const filter = filterField(statement, 'q');
        const change = compileUpdate(statement.at('u'));
        if (multi && change.isReplacement) {
          throw failedToParse('multi update is not supported for replacement-style update');
        }
        const collection = context.database.catalog.get(namespaceOf(context));
        const selection = { filter, one: !multi };
        const matched = yield* forEachSelected(writer, collection, selection, (found) => {
          totals.n += 1;
          if (updateOne(writer, change, found) !== found.document.bytes) totals.nModified += 1;
        });
        if (matched === 0 && flagField(statement, 'upsert') === true) {
          totals.n += 1;
          upserted.push({ index, _id: idOf(upsertOne(writer, filter, change)) });
        }
      },
      reply: () => ({ ...totals, ...(upserted.length > 0 ? { upserted } : {}) }),
    };
  });

function deletesOne(statement: Fields): boolean {
  const { isMissing, number } = statement.at('limit');
  if (isMissing) {
    throw new MongoFault(
      40414,
      "BSON field 'delete.deletes.limit' is missing but a required field",
    );
  }
  if (number === 0 || number === 1) return number === 1;
  throw failedToParse('The limit field in delete objects must be 0 or 1');
}

export const remove = (context: CommandContext): Promise<Reply> =>
  runBatch(context, 'deletes', (writer) => {
    let removed = 0;
    return {
      *run(raw) {
        const statement = statementOf(raw, DELETE_FIELDS, 'delete.deletes');
        const selection = { filter: filterField(statement, 'q'), one: deletesOne(statement) };
        const collection = context.database.catalog.get(namespaceOf(context));
        yield* forEachSelected(writer, collection, selection, (found) => {
          removeOne(writer, found);
          removed += 1;
        });
      },
      reply: () => ({ n: removed }),
    };
  });

/** One document found, changed or removed, and shown as it was or as it became. */
export function findAndModify(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const namespace = namespaceOf(context);
  const selection: Selection = { filter: filterField(body, 'query'), one: true };
  const spec = body.at('update');
  const [isRemove, isUpsert, showsNew] = ['remove', 'upsert', 'new'].map(
    (name) => flagField(body, name) === true,
  );
  if (isRemove === !spec.isNullish) {
    throw failedToParse('Either an update or remove=true must be specified, and not both');
  }
  if (isRemove === true && (isUpsert === true || showsNew === true)) {
    throw failedToParse('Cannot specify both upsert or new and remove=true');
  }
  const change = isRemove === true ? undefined : compileUpdate(spec);
  return runWrite(context, namespace, function* (writer) {
    const collection = context.database.catalog.get(namespace);
    let value: RawValue | null = null;
    const n = yield* forEachSelected(writer, collection, selection, (found) => {
      value = found.document;
      if (change === undefined) removeOne(writer, found);
      else {
        const after = updateOne(writer, change, found);
        if (showsNew === true) value = documentValue(after);
      }
    });
    if (change === undefined) return { lastErrorObject: { n }, value, ok: 1 };
    if (n > 0 || isUpsert !== true) {
      return { lastErrorObject: { n, updatedExisting: n > 0 }, value, ok: 1 };
    }
    const raw = upsertOne(writer, selection.filter, change);
    const lastErrorObject = { n: 1, updatedExisting: false, upserted: idOf(raw) };
    return { lastErrorObject, value: showsNew === true ? documentValue(raw) : null, ok: 1 };
  });
}
