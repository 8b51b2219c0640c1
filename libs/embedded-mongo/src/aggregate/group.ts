import { Decimal128, Double, Int32, Long, type Document } from 'bson';
import { asNumber, isPlainObject, sizeOf } from '../bson/codec.js';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import { SORT_LIMIT_BYTES } from '../query/sort.js';
import { Doc } from './doc.js';
import { compileExpression, type Expression, type Variables } from './expression.js';
import { blockingStage, type Stage } from './stage.js';

/** Collects one field of one group. */
interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

/** Adds numbers as the server types them: ints stay whole, one double makes the sum a double. */
class Total {
  #whole = 0n;
  #small = 0;
  #double = 0;
  #sawDouble = false;
  count = 0;

  add(value: unknown): void {
    if (value instanceof Decimal128) throw notImplemented('$sum of Decimal128');
    const number = asNumber(value);
    if (number === undefined) return;
    this.count += 1;
    if (value instanceof Double || !Number.isInteger(number)) {
      this.#sawDouble = true;
      this.#double += number;
    } else if (Number.isSafeInteger(this.#small + number)) this.#small += number;
    else this.#whole += value instanceof Long ? value.toBigInt() : BigInt(number);
  }

  get number(): number {
    return Number(this.#whole) + this.#small + this.#double;
  }

  result(): unknown {
    if (this.#sawDouble) return new Double(this.number);
    const whole = this.#whole + BigInt(this.#small);
    if (whole >= -0x80000000n && whole <= 0x7fffffffn) return new Int32(Number(whole));
    return BigInt.asIntN(64, whole) === whole ? Long.fromBigInt(whole) : new Double(Number(whole));
  }
}

function sumAccumulator(): Accumulator {
  return new Total();
}

function averageAccumulator(): Accumulator {
  const total = new Total();
  return {
    add: (value) => {
      total.add(value);
    },
    result: () => (total.count === 0 ? null : new Double(total.number / total.count)),
  };
}

function extremeAccumulator(sign: 1 | -1): Accumulator {
  let best: unknown = null;
  let bestKey: Buffer | undefined;
  return {
    add: (value) => {
      if (value === null || value === undefined) return;
      const key = encodeValue(value);
      if (bestKey === undefined || key.compare(bestKey) * sign > 0) {
        best = value;
        bestKey = key;
      }
    },
    result: () => best,
  };
}

function edgeAccumulator(last: boolean): Accumulator {
  let seen = false;
  let kept: unknown = null;
  return {
    add: (value) => {
      if (!seen || last) kept = value ?? null;
      seen = true;
    },
    result: () => kept,
  };
}

function pushAccumulator(distinct: boolean): Accumulator {
  const items: unknown[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  return {
    add: (value) => {
      if (value === undefined) return;
      if (distinct) {
        const key = encodeValue(value).toString('latin1');
        if (keys.has(key)) return;
        keys.add(key);
      }
      bytes += sizeOf({ v: value });
      if (bytes > SORT_LIMIT_BYTES) throw exceeded();
      items.push(value);
    },
    result: () => items,
  };
}

function mergeAccumulator(): Accumulator {
  const merged: Document = {};
  return {
    add: (value) => {
      if (value === null || value === undefined) return;
      if (!isPlainObject(value)) throw badValue('$mergeObjects requires object inputs');
      Object.assign(merged, value);
    },
    result: () => merged,
  };
}

const exceeded = (): MongoFault =>
  new MongoFault(
    292,
    `Exceeded memory limit for $group, but didn't allow external sort. Limit: ${SORT_LIMIT_BYTES} bytes.`,
  );

const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: sumAccumulator,
  $count: sumAccumulator,
  $avg: averageAccumulator,
  $min: () => extremeAccumulator(-1),
  $max: () => extremeAccumulator(1),
  $first: () => edgeAccumulator(false),
  $last: () => edgeAccumulator(true),
  $push: () => pushAccumulator(false),
  $addToSet: () => pushAccumulator(true),
  $mergeObjects: mergeAccumulator,
};

interface GroupField {
  readonly name: string;
  readonly value: Expression;
  readonly create: () => Accumulator;
}

function compileField(name: string, spec: unknown, variables: Variables): GroupField {
  if (!isPlainObject(spec)) {
    throw new MongoFault(40323, `The field '${name}' must be an accumulator object`);
  }
  const [operator, second] = Object.keys(spec);
  if (operator === undefined || second !== undefined) {
    throw new MongoFault(40323, `The field '${name}' must specify one accumulator`);
  }
  const create = ACCUMULATORS[operator];
  if (create === undefined) throw new MongoFault(15952, `unknown group operator '${operator}'`);
  const value =
    operator === '$count'
      ? () => new Int32(1)
      : compileExpression(spec[operator] as unknown, variables);
  return { name, value, create };
}

interface Group {
  readonly id: unknown;
  readonly accumulators: readonly Accumulator[];
}

/** `$group`: one pass, memory for the groups only. */
export function groupStage(spec: unknown, next: Stage, variables: Variables): Stage {
  if (!isPlainObject(spec) || !('_id' in spec)) {
    throw new MongoFault(40323, 'a group specification must include an _id');
  }
  const id = compileExpression(spec._id, variables);
  const fields = Object.entries(spec)
    .filter(([name]) => name !== '_id')
    .map(([name, field]) => compileField(name, field, variables));
  const groups = new Map<string, Group>();
  let bytes = 0;
  const gather = (doc: Doc): void => {
    const value = id(doc) ?? null;
    const key = encodeValue(value).toString('latin1');
    let group = groups.get(key);
    if (group === undefined) {
      bytes += key.length * 2 + fields.length * 100;
      if (bytes > SORT_LIMIT_BYTES) throw exceeded();
      group = { id: value, accumulators: fields.map(({ create }) => create()) };
      groups.set(key, group);
    }
    for (const [at, field] of fields.entries()) group.accumulators[at]?.add(field.value(doc));
  };
  return blockingStage(next, gather, (emit) => {
    for (const group of groups.values()) {
      const result: Document = { _id: group.id };
      for (const [at, field] of fields.entries()) {
        result[field.name] = group.accumulators[at]?.result();
      }
      emit(Doc.of(result));
    }
  });
}
