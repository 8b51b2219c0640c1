import {
  type Fields,
  type Insert,
  type Operation,
  type Update,
  updateOperators,
} from './operation.js';

/**
 * Folds operations on one collection, in the log's order, into at most one write per document where
 * MongoDB allows it. The result, executed in order, leaves what the operations one by one would.
 */
export function fold(operations: readonly Operation[]): Operation[] {
  const writes: Operation[] = [];
  const latest = new Map<string, number>();
  for (const operation of operations) {
    const index = latest.get(operation.id);
    const earlier = index === undefined ? undefined : writes[index];
    const merged = earlier && merge(earlier, operation);
    if (merged && index !== undefined) {
      writes[index] = merged;
    } else {
      latest.set(operation.id, writes.push(operation) - 1);
    }
  }
  return writes;
}

function merge(earlier: Operation, later: Operation): Operation | undefined {
  if (later.kind === 'insert') return undefined;
  if (earlier.kind === 'insert') return applied(earlier, later);
  if (earlier.guard !== undefined || later.guard !== undefined) return undefined;
  // An upsert after a plain update must not make the plain update's fields appear.
  if (later.upsert && !earlier.upsert) return undefined;
  // After the earlier one the document is there, or the later one does nothing either.
  const rest: Update = { ...later, $setOnInsert: {} };
  return clashes(earlier, rest) ? undefined : combined(earlier, rest);
}

/** A document to be inserted, as it is after one more change. */
function applied(document: Insert, change: Update): Insert | undefined {
  if (change.guard !== undefined) return undefined;
  const fields: Record<string, unknown> = { ...document.fields, ...change.$set };
  for (const [field, value] of Object.entries(change.$inc ?? {})) {
    fields[field] = ((fields[field] as number | undefined) ?? 0) + value;
  }
  for (const [field, value] of Object.entries(change.$min ?? {})) {
    fields[field] = lesser(fields[field], value);
  }
  for (const [field, value] of Object.entries(change.$max ?? {})) {
    fields[field] = greater(fields[field], value);
  }
  return { ...document, fields };
}

/** MongoDB refuses two operators on one field in one update. */
function clashes(earlier: Update, later: Update): boolean {
  return updateOperators.some((mine) =>
    updateOperators.some(
      (other) =>
        mine !== other &&
        Object.keys(earlier[mine] ?? {}).some((field) => field in (later[other] ?? {})),
    ),
  );
}

function combined(earlier: Update, later: Update): Update {
  const fields = {
    $set: mergeFields(earlier.$set, later.$set, (_, after) => after),
    $inc: mergeFields(earlier.$inc, later.$inc, (a, b) => (a as number) + (b as number)),
    $min: mergeFields(earlier.$min, later.$min, lesser),
    $max: mergeFields(earlier.$max, later.$max, greater),
  };
  const used = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...earlier, ...Object.fromEntries(used) };
}

function mergeFields(
  earlier: Fields | undefined,
  later: Fields | undefined,
  join: (before: unknown, after: unknown) => unknown,
): Fields | undefined {
  if (!earlier || !later) return earlier ?? later;
  const result: Record<string, unknown> = { ...earlier };
  for (const [field, value] of Object.entries(later)) {
    result[field] = field in earlier ? join(earlier[field], value) : value;
  }
  return result;
}

type Ordered = string | number | Date;
const lesser = (a: unknown, b: unknown): unknown =>
  a === undefined || (b as Ordered) < (a as Ordered) ? b : a;
const greater = (a: unknown, b: unknown): unknown =>
  a === undefined || (b as Ordered) > (a as Ordered) ? b : a;
