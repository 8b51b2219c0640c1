import type { Steps } from '../aggregate/steps.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { documentOf, int32, MAX_DOCUMENT_BYTES, toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { Reader } from '../plan/reader.js';
import type { Scan } from '../plan/scan.js';
import { compileFilter } from '../query/matcher.js';
import { parsePath, visitPath } from '../query/path.js';
import type { View } from '../storage/view.js';
import type { Reply } from '../wire/message.js';
import {
  clockOf,
  documentField,
  hintField,
  namespaceOf,
  numberField,
  readView,
  refuseCollation,
  textField,
  type CommandContext,
} from './context.js';

const ALL = toDocument({});

const isOne = (value: RawValue): boolean =>
  value.isObject && encodeRaw(value).equals(encodeRaw(toDocument({ $sum: 1 })));

/** `[{$group: {_id: constant, n: {$sum: 1}}}]`, which is what countDocuments sends, or `[{$count}]`. */
export function countOnly([stage, second]: readonly RawValue[]): boolean {
  const [name, spec] = stage?.first() ?? [];
  if (spec === undefined || second !== undefined) return false;
  if (name === '$count') return spec.text !== undefined;
  if (name !== '$group' || !spec.isObject) return false;
  return spec
    .entries()
    .every(([field, value]) =>
      field === '_id' ? value.type === BsonType.null || value.isNumeric : isOne(value),
    );
}

/** Counts without fetching documents where the bounds decide alone. */
export function fastCount(plan: Plan, view: View): number | undefined {
  if (!plan.exact) return undefined;
  if (!plan.bounded) return view.size(plan.collection.treeId).entries;
  return plan.ranges.reduce((sum, range) => sum + view.countKeys(range), 0);
}

/** The answer of a pipeline that only counts. */
export function* countSteps(stage: RawValue, count: number): Steps {
  const [name, spec] = stage.first();
  if (count === 0 || spec === undefined) return;
  if (name === '$count') yield toDocument({ [spec.text ?? '']: int32(count) });
  else {
    yield documentOf(
      spec.entries().map(([field, value]) => [field, field === '_id' ? value : int32(count)]),
    );
  }
}

/** Runs through a scan, with turns for others in between. */
async function forEachMatch(
  context: CommandContext,
  scan: Scan,
  reader: Reader,
  visit: (document: RawValue) => void,
): Promise<void> {
  const clock = clockOf(context.command.body);
  clock.begin();
  for (const document of scan.documents()) {
    if (document !== undefined) visit(document);
    if (!clock.step()) continue;
    reader.suspend();
    await clock.pause();
  }
  clock.check();
}

export async function count(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const filter = compileFilter(documentField(body, 'query') ?? ALL);
  const collection = context.database.catalog.get(namespaceOf(context));
  refuseCollation(body);
  if (collection === undefined) return { n: 0, ok: 1 };
  const reader = new Reader(readView(context));
  const plan = planQuery(collection, filter, [], reader.view, hintField(body));
  let total = fastCount(plan, reader.view);
  if (total === undefined) {
    const scan = reader.scan(plan, filter.match);
    await forEachMatch(context, scan, reader, () => undefined);
    total = scan.matched;
  }
  const skip = numberField(body, 'skip') ?? 0;
  const limit = Math.abs((body.get('limit') ?? int32(0)).number ?? 0);
  const rest = Math.max(total - skip, 0);
  return { n: int32(limit > 0 ? Math.min(limit, rest) : rest), ok: 1 };
}

/** The elements of an array, arrays among them kept whole; any other value that is there. */
function forEachDistinct(found: RawValue, take: (value: RawValue) => void): void {
  if (found.type === BsonType.array) {
    const reader = new ElementReader(found.buf, found.start);
    while (reader.next()) take(reader.value());
  } else if (found.type !== BsonType.missing) take(found);
}

export async function distinct(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const key = textField(body, 'key');
  if (key === undefined) throw new MongoFault(14, "BSON field 'distinct.key' must be a string");
  refuseCollation(body);
  const filter = compileFilter(documentField(body, 'query') ?? ALL);
  const collection = context.database.catalog.get(namespaceOf(context));
  if (collection === undefined) return { values: [], ok: 1 };
  const reader = new Reader(readView(context));
  const plan = planQuery(collection, filter, [], reader.view, hintField(body));
  const path = parsePath(key);
  const values = new Map<string, RawValue>();
  let bytes = 0;
  await forEachMatch(context, reader.scan(plan, filter.match), reader, (document) => {
    visitPath(document, path, (found) => {
      forEachDistinct(found, (value) => {
        const name = encodeRaw(value).toString('latin1');
        if (values.has(name)) return;
        bytes += value.size;
        if (bytes > MAX_DOCUMENT_BYTES) throw new MongoFault(17217, 'distinct too big, 16mb cap');
        values.set(name, value.copy());
      });
      return false;
    });
  });
  const sorted = [...values].sort(([left], [right]) => (left < right ? -1 : 1));
  return { values: sorted.map(([, value]) => value), ok: 1 };
}
