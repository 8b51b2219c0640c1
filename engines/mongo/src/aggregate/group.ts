import { MongoFault, notImplemented } from '../bson/errors.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { Total } from '../bson/numbers.js';
import { MISSING, type RawValue } from '../bson/raw.js';
import { documentOf, double, int32, NULL } from '../bson/values.js';
import { compileExpression, type Expression } from '../query/expression.js';
import { SORT_LIMIT_BYTES } from '../query/sorter.js';
import type { Stage } from './steps.js';

/** Collects one field of one group. */
interface Accumulator {
  add(value: RawValue): void;
  result(): RawValue;
  /** What it keeps in memory, at most. */
  readonly sizeBytes: number;
}

function summing(result: (total: Total) => RawValue): Accumulator {
  const total = new Total();
  return {
    add: (value) => {
      total.add(value);
    },
    result: () => result(total),
    sizeBytes: 100,
  };
}

function extreme(sign: 1 | -1): Accumulator {
  let best = NULL;
  let bestKey: Buffer | undefined;
  return {
    add: (value) => {
      if (value.isNullish) return;
      const key = encodeRaw(value);
      if (bestKey !== undefined && key.compare(bestKey) * sign <= 0) return;
      best = value.copy();
      bestKey = key;
    },
    result: () => best,
    get sizeBytes() {
      return best.size + (bestKey?.length ?? 0);
    },
  };
}

/** Accumulators of `$group`. */
const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => summing(({ sum }) => sum),
  $count: () => summing(({ sum }) => sum),
  $avg: () => summing(({ count, number }) => (count === 0 ? NULL : double(number / count))),
  $min: () => extreme(-1),
  $max: () => extreme(1),
};

export const ACCUMULATOR_NAMES = Object.keys(ACCUMULATORS);

interface GroupField {
  readonly name: string;
  readonly value: Expression;
  readonly create: () => Accumulator;
}

const ONE = int32(1);

function compileField(name: string, spec: RawValue): GroupField {
  const fields = spec.isObject ? spec.entries() : [];
  const [[operator, operand] = ['', undefined]] = fields;
  if (fields.length !== 1 || operand === undefined) {
    throw new MongoFault(40234, `The field '${name}' must be an accumulator object`);
  }
  const create = ACCUMULATORS[operator];
  if (create === undefined) throw notImplemented(`the accumulator ${operator}`);
  const value = operator === '$count' ? () => ONE : compileExpression(operand);
  return { name, value, create };
}

interface Group {
  readonly id: RawValue;
  readonly accumulators: readonly Accumulator[];
}

const newGroup = (id: RawValue, fields: readonly GroupField[]): Group => ({
  id: id.isMissing ? NULL : id.copy(),
  accumulators: fields.map(({ create }) => create()),
});

/** Answers by how many bytes the group has grown. */
function addTo(group: Group, fields: readonly GroupField[], document: RawValue): number {
  let grown = 0;
  for (const [at, accumulator] of group.accumulators.entries()) {
    grown -= accumulator.sizeBytes;
    accumulator.add(fields[at]?.value(document) ?? MISSING);
    grown += accumulator.sizeBytes;
  }
  return grown;
}

const exceeded = (): MongoFault =>
  new MongoFault(
    292,
    `Exceeded memory limit for $group, but didn't allow external sort. Limit: ${SORT_LIMIT_BYTES} bytes.`,
  );

/** `$group`: one pass, memory for the groups only. */
export function groupStage(spec: RawValue): Stage {
  const entries = spec.isObject ? spec.entries() : [];
  const idSpec = entries.find(([name]) => name === '_id')?.[1];
  if (idSpec === undefined)
    throw new MongoFault(15955, 'a group specification must include an _id');
  const id = compileExpression(idSpec);
  const fields = entries
    .filter(([name]) => name !== '_id')
    .map(([name, field]) => compileField(name, field));
  return function* (source) {
    const groups = new Map<string, Group>();
    let bytes = 0;
    for (const document of source) {
      if (document !== undefined) {
        const value = id(document);
        const key = encodeRaw(value.isMissing ? NULL : value).toString('latin1');
        const group = groups.get(key) ?? newGroup(value, fields);
        if (!groups.has(key)) bytes += key.length * 2 + fields.length * 100;
        groups.set(key, group);
        bytes += addTo(group, fields, document);
        if (bytes > SORT_LIMIT_BYTES) throw exceeded();
      }
      yield undefined;
    }
    for (const group of groups.values()) {
      yield documentOf([
        ['_id', group.id],
        ...fields.map(({ name }, at) => [name, group.accumulators[at]?.result() ?? NULL] as const),
      ]);
    }
  };
}
