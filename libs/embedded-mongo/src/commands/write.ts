import { documentValue, type Fields, type RawValue } from '../bson/raw.js';
import { checkDocument } from '../bson/values.js';
import { failedToParse, MongoFault, toFault } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { insertDocument } from '../storage/documents.js';
import { idOf } from '../storage/index-keys.js';
import { compileUpdate } from '../update/update.js';
import type { Reply } from '../wire/message.js';
import { forEachSelected, removeOne, updateOne, upsertOne, type Selection } from './changes.js';
import {
  flagField,
  hintField,
  namespaceOf,
  refuseCollation,
  type CommandContext,
} from './context.js';
import { checkFields, DELETE_FIELDS, UPDATE_FIELDS } from './fields.js';
import { runWrite, type Work, type WriteReply, type Writer } from './run-write.js';

const MAX_BATCH = 100_000;

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

/** Runs the statements of a batch; one that fails ends an ordered batch and spares the others. */
function* runStatements(
  context: CommandContext,
  statements: readonly Buffer[],
  run: (statement: Buffer, index: number) => Work<void>,
): Work<WriteReply[]> {
  const errors: WriteReply[] = [];
  const isOrdered = flagField(context.command.body, 'ordered') ?? true;
  for (const [index, statement] of statements.entries()) {
    try {
      yield* run(statement, index);
    } catch (error) {
      const fault = toFault(error);
      if (fault.labels.length > 0 || fault.code === 1) throw error;
      errors.push({ index, code: fault.code, errmsg: fault.message, ...fault.details });
      if (isOrdered || context.transaction !== undefined) break;
    }
    yield;
  }
  return errors;
}

const withErrors = (reply: WriteReply, errors: readonly WriteReply[]): WriteReply =>
  errors.length > 0 ? { ...reply, writeErrors: errors, ok: 1 } : { ...reply, ok: 1 };

export function insert(context: CommandContext): Promise<Reply> {
  const documents = batchOf(context, 'documents');
  return runWrite(context, namespaceOf(context), function* (writer) {
    const collection = writer.obtain();
    let inserted = 0;
    // eslint-disable-next-line require-yield -- one document is one step
    const errors = yield* runStatements(context, documents, function* (document) {
      checkDocument(document);
      insertDocument(writer.view, collection, document);
      inserted += 1;
    });
    return withErrors({ n: inserted }, errors);
  });
}

function statementOf(raw: Buffer, known: readonly string[], of: string): Fields {
  checkDocument(raw);
  const statement = documentValue(raw).fields();
  checkFields(statement, known, of);
  refuseCollation(statement);
  return statement;
}

function selectionOf(statement: Fields, one: boolean): Selection {
  const query = statement.get('q');
  if (query === undefined || !query.isObject) {
    throw failedToParse("BSON field 'q' is missing or not a document");
  }
  return { filter: compileFilter(query), sort: [], hint: hintField(statement), one };
}

interface UpdateTotals {
  matched: number;
  modified: number;
  readonly upserted: { readonly index: number; readonly _id: RawValue }[];
}

function* updateStatement(
  context: CommandContext,
  writer: Writer,
  statement: Fields,
  index: number,
  totals: UpdateTotals,
): Work<void> {
  const multi = flagField(statement, 'multi') ?? false;
  const selection = selectionOf(statement, !multi);
  const update = compileUpdate(statement.at('u'));
  if (multi && update.isReplacement) {
    throw failedToParse('multi update is not supported for replacement-style update');
  }
  const collection = context.database.catalog.get(namespaceOf(context));
  const matched = yield* forEachSelected(writer, collection, selection, (found) => {
    totals.matched += 1;
    if (updateOne(writer, update, found) !== found.document.bytes) totals.modified += 1;
  });
  if (matched === 0 && flagField(statement, 'upsert') === true) {
    const raw = upsertOne(writer, selection.filter, update);
    totals.matched += 1;
    totals.upserted.push({ index, _id: idOf(raw) });
  }
}

export function update(context: CommandContext): Promise<Reply> {
  const statements = batchOf(context, 'updates');
  return runWrite(context, namespaceOf(context), function* (writer) {
    const totals: UpdateTotals = { matched: 0, modified: 0, upserted: [] };
    const errors = yield* runStatements(context, statements, (raw, index) => {
      const statement = statementOf(raw, UPDATE_FIELDS, 'update.updates');
      return updateStatement(context, writer, statement, index, totals);
    });
    const reply = { n: totals.matched, nModified: totals.modified };
    const upserted = totals.upserted.length > 0 ? { upserted: totals.upserted } : {};
    return withErrors({ ...reply, ...upserted }, errors);
  });
}

function deletesOne(statement: Fields): boolean {
  const value = statement.get('limit');
  if (value === undefined) {
    throw new MongoFault(
      40414,
      "BSON field 'delete.deletes.limit' is missing but a required field",
    );
  }
  const limit = value.number;
  if (limit !== 0 && limit !== 1) {
    throw failedToParse('The limit field in delete objects must be 0 or 1');
  }
  return limit === 1;
}

export function remove(context: CommandContext): Promise<Reply> {
  const statements = batchOf(context, 'deletes');
  const namespace = namespaceOf(context);
  return runWrite(context, namespace, function* (writer) {
    let removed = 0;
    const errors = yield* runStatements(context, statements, function* (raw) {
      const statement = statementOf(raw, DELETE_FIELDS, 'delete.deletes');
      const selection = selectionOf(statement, deletesOne(statement));
      const collection = context.database.catalog.get(namespace);
      yield* forEachSelected(writer, collection, selection, (found) => {
        removeOne(writer, found);
        removed += 1;
      });
    });
    return withErrors({ n: removed }, errors);
  });
}
