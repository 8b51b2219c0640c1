import { type Fields, type Operation, type Update, updateOperators } from './operation.js';

type MutableFields = Record<string, unknown>;

/** A copy of an operation that takes in those after it. It is made once per document and batch. */
interface Draft {
  readonly first: Operation;
  readonly fields: MutableFields;
  readonly operators: Record<(typeof updateOperators)[number], MutableFields>;
}

/**
 * Folds operations on one collection, in the log's order, into at most one write per document where
 * MongoDB allows it. The result, executed in order, leaves what the operations one by one would.
 */
export function fold(operations: readonly Operation[]): Operation[] {
  const writes: (Operation | Draft)[] = [];
  const places = new Map<string, number>();
  for (const operation of operations) {
    const place = places.get(operation.id) ?? -1;
    const earlier = writes[place];
    if (earlier === undefined || operation.kind === 'insert' || !mayJoin(earlier, operation)) {
      places.set(operation.id, writes.push(operation) - 1);
      continue;
    }
    const draft = 'first' in earlier ? earlier : toDraft(earlier);
    writes[place] = draft;
    join(draft, operation);
  }
  return writes.map((write) => ('first' in write ? toOperation(write) : write));
}

function mayJoin(earlier: Operation | Draft, later: Update): boolean {
  const first = 'first' in earlier ? earlier.first : earlier;
  if (later.guard !== undefined) return false;
  if (first.kind === 'insert') return true;
  // An upsert after a plain update must not make the plain update's fields appear.
  if (first.guard !== undefined || (later.upsert && !first.upsert)) return false;
  return !clashes('first' in earlier ? earlier.operators : first, later);
}

/** MongoDB refuses two operators on one field in one update. */
function clashes(earlier: Partial<Draft['operators']> | Update, later: Update): boolean {
  for (const operator of updateOperators) {
    // The later one's fields for a new document do not count: after the earlier one, it is there.
    if (operator === '$setOnInsert') continue;
    for (const field in later[operator]) {
      for (const other of updateOperators) {
        const fields = earlier[other];
        if (other !== operator && fields && field in fields) return true;
      }
    }
  }
  return false;
}

function toDraft(first: Operation): Draft {
  const from = first.kind === 'update' ? first : undefined;
  return {
    first,
    fields: first.kind === 'insert' ? { ...first.fields } : {},
    operators: {
      $set: { ...from?.$set },
      $setOnInsert: { ...from?.$setOnInsert },
      $inc: { ...from?.$inc },
      $min: { ...from?.$min },
      $max: { ...from?.$max },
    },
  };
}

/** Into a document to be inserted go the values themselves, into an update the operators. */
function join({ first, fields, operators }: Draft, later: Update): void {
  const target = first.kind === 'insert' ? undefined : operators;
  assign(target?.$set ?? fields, later.$set, (_, after) => after);
  assign(target?.$inc ?? fields, later.$inc, (before, by) => Number(before) + Number(by));
  assign(target?.$min ?? fields, later.$min, (a, b) => (isLess(b, a) ? b : a));
  assign(target?.$max ?? fields, later.$max, (a, b) => (isLess(a, b) ? b : a));
}

function assign(
  target: MutableFields,
  source: Fields | undefined,
  combine: (before: unknown, after: unknown) => unknown,
): void {
  for (const field in source) {
    target[field] = field in target ? combine(target[field], source[field]) : source[field];
  }
}

function toOperation({ first, fields, operators }: Draft): Operation {
  if (first.kind === 'insert') return { ...first, fields };
  const used = Object.entries(operators).filter(([, value]) => Object.keys(value).length > 0);
  return { ...first, ...Object.fromEntries(used) };
}

const isLess = (a: unknown, b: unknown): boolean => (a as string) < (b as string);
