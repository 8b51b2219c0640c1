import { Int32, Timestamp } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, MongoFault } from '../errors.js';
import { addToSet, pop, pull, pullAll, push } from './array-operators.js';
import { ADD, arithmetic, isNumeric, MULTIPLY } from './numbers.js';
import type { Slot } from './paths.js';

type Operator = (place: Slot, operand: unknown) => void;

function number(operator: string, operand: unknown): unknown {
  if (isNumeric(operand)) return operand;
  throw new MongoFault(14, `Cannot ${operator} with non-numeric argument`);
}

const bound =
  (sign: 1 | -1): Operator =>
  (place, operand) => {
    const current = place.get();
    const replace =
      current === undefined || encodeValue(operand).compare(encodeValue(current)) * sign > 0;
    if (replace) place.set(operand);
  };

/** `true`, `false`, `{$type: 'date'}` or `{$type: 'timestamp'}`. */
export function dateKind(operand: unknown): 'date' | 'timestamp' {
  if (typeof operand === 'boolean') return 'date';
  if (!isPlainObject(operand)) {
    throw badValue(
      "$currentDate takes a boolean ('true') or a $type expression ({$type: 'timestamp/date'})",
    );
  }
  const unknown = Object.keys(operand).find((name) => name !== '$type');
  if (unknown !== undefined) throw badValue(`Unrecognized $currentDate option: ${unknown}`);
  const kind: unknown = operand.$type;
  if (kind === 'date' || kind === 'timestamp') return kind;
  throw badValue("The '$type' string field is required to be 'date' or 'timestamp'");
}

const currentDate: Operator = (place, operand) => {
  if (dateKind(operand) === 'timestamp') {
    place.set(new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 }));
  } else place.set(new Date());
};

/** Operators that make their field if it is missing. */
export const CREATING: Readonly<Record<string, Operator>> = {
  $set: (place, operand) => {
    place.set(operand);
  },
  $setOnInsert: (place, operand) => {
    place.set(operand);
  },
  $inc: (place, operand) => {
    const by = number('increment', operand);
    const current = place.get();
    place.set(current === undefined ? by : arithmetic('$inc', ADD, current, by));
  },
  $mul: (place, operand) => {
    const by = number('multiply', operand);
    const current = place.get();
    place.set(arithmetic('$mul', MULTIPLY, current === undefined ? new Int32(0) : current, by));
  },
  $min: bound(-1),
  $max: bound(1),
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
};

export const CHANGING: Readonly<Record<string, Operator>> = {
  $unset: (place) => {
    place.remove();
  },
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};
