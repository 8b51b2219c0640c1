import { Int32, type Document } from 'bson';
import { Doc } from '../aggregate/doc.js';
import { mapStage, Output } from '../aggregate/stage.js';
import { asNumber, decodeValue, isPlainObject, MAX_DOCUMENT_BYTES } from '../bson/codec.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { MongoFault } from '../errors.js';
import { Execution } from '../plan/execution.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { Scan } from '../plan/scan.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { parsePath, visitPath } from '../query/path.js';
import type { View } from '../storage/view.js';
import type { Reply } from '../wire/message.js';
import {
  documentOption,
  namespaceOf,
  numberOption,
  readView,
  refuseCollation,
  type CommandContext,
} from './context.js';

/** `[{$group: {_id: constant, n: {$sum: 1}}}]`, which is what countDocuments sends, or `[{$count}]`. */
export function countOnly(rest: readonly Document[]): boolean {
  const [stage, second] = rest;
  if (stage === undefined || second !== undefined) return false;
  if (typeof stage.$count === 'string') return true;
  const group: unknown = stage.$group;
  if (!isPlainObject(group)) return false;
  const fields = Object.entries(group).filter(([name]) => name !== '_id');
  const constant = group._id === null || asNumber(group._id) !== undefined;
  return (
    constant &&
    fields.every(
      ([, field]: [string, unknown]) => isPlainObject(field) && asNumber(field.$sum) === 1,
    )
  );
}

/** Counts without fetching documents where the bounds decide alone. */
export function fastCount(plan: Plan, view: View): number | undefined {
  if (!plan.exact) return undefined;
  if (!plan.bounded && plan.index === undefined) return view.documentCount(plan.collection.treeId);
  return plan.ranges.reduce((sum, range) => sum + view.countKeys(range), 0);
}

export function countExecution(rest: readonly Document[], count: number): Execution {
  const output = new Output();
  if (count > 0) output.push(Doc.of(countResult(rest[0] ?? {}, new Int32(count))));
  output.end();
  return new Execution(undefined, output, output);
}

function countResult(stage: Document, count: Int32): Document {
  if (typeof stage.$count === 'string') return { [stage.$count]: count };
  const names = Object.keys(stage.$group as Document);
  const id = (stage.$group as Document)._id as unknown;
  return Object.fromEntries(names.map((name) => [name, name === '_id' ? id : count]));
}

export async function count(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const query = documentOption(body, 'query') ?? {};
  const collection = context.database.catalog.get(namespaceOf(context));
  refuseCollation(body);
  const filter = compileFilter(query);
  if (collection === undefined) return { n: 0, ok: 1 };
  const plan = planQuery(collection, filter, [], readView(context), body.hint ?? undefined);
  const skip = numberOption(body, 'skip') ?? 0;
  const limit = numberOption(body, 'limit') ?? 0;
  const total = fastCount(plan, readView(context)) ?? (await countScan(context, plan, filter));
  const rest = Math.max(total - skip, 0);
  return { n: new Int32(limit > 0 ? Math.min(limit, rest) : rest), ok: 1 };
}

async function countScan(context: CommandContext, plan: Plan, filter: Filter): Promise<number> {
  const scan = new Scan(plan, filter.match, readView(context));
  const output = new Output();
  await new Execution(scan, mapStage(output, ignore), output).take(1);
  return scan.matched;
}

const ignore = (): void => {
  // The scan itself counts what matches.
};

/** The elements of an array, arrays among them kept whole; any other value that is there. */
function forEachDistinct(found: RawValue, take: (value: RawValue) => void): void {
  if (found.type === BsonType.array) {
    const reader = new ElementReader(found.buf, found.start);
    while (reader.next()) take(reader.value());
  } else if (found.type !== BsonType.missing) take(found);
}

export async function distinct(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const key: unknown = body.key;
  if (typeof key !== 'string')
    throw new MongoFault(14, "BSON field 'distinct.key' must be a string");
  refuseCollation(body);
  const filter = compileFilter(documentOption(body, 'query') ?? {});
  const collection = context.database.catalog.get(namespaceOf(context));
  if (collection === undefined) return { values: [], ok: 1 };
  const plan = planQuery(collection, filter, [], readView(context));
  const path = parsePath(key);
  const values = new Map<string, unknown>();
  let bytes = 0;
  const output = new Output();
  const head = mapStage(output, (doc) => {
    visitPath(doc.raw, 0, path, (found) => {
      forEachDistinct(found, (value) => {
        const name = encodeRaw(value).toString('latin1');
        if (values.has(name)) return;
        bytes += value.end - value.start;
        if (bytes > MAX_DOCUMENT_BYTES) throw new MongoFault(17217, 'distinct too big, 16mb cap');
        values.set(name, decodeValue(value));
      });
      return false;
    });
  });
  await new Execution(new Scan(plan, filter.match, readView(context)), head, output).take(1);
  const sorted = [...values].sort(([left], [right]) => (left < right ? -1 : 1));
  return { values: sorted.map(([, value]) => value), ok: 1 };
}
