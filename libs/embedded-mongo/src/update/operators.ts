import { add, refuseDecimal } from '../aggregate/numbers.js';
import { encodeRaw } from '../bson/key-encoding.js';
import type { RawValue } from '../bson/raw.js';
import { show } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import type { Slot } from './tree.js';

/** What an operator does to one field. */
export interface Operator {
  /** Whether a field that is missing is made. */
  readonly creates: boolean;
  readonly apply: (slot: Slot, operand: RawValue) => void;
}

const creating = (apply: Operator['apply']): Operator => ({ creates: true, apply });

const set = creating((slot, operand) => {
  slot.set(operand);
});

const bound = (sign: 1 | -1): Operator =>
  creating((slot, operand) => {
    const current = slot.get();
    const replaces =
      current === undefined || encodeRaw(operand).compare(encodeRaw(current)) * sign > 0;
    if (replaces) slot.set(operand);
  });

const increment = creating((slot, by) => {
  refuseDecimal(by, '$inc');
  if (!by.isNumeric) {
    throw new MongoFault(14, `Cannot increment with non-numeric argument: ${show(by)}`);
  }
  const current = slot.get();
  if (current !== undefined && !current.isNumeric) {
    throw new MongoFault(14, 'Cannot apply $inc to a value of non-numeric type.');
  }
  if (current !== undefined) refuseDecimal(current, '$inc');
  slot.set(current === undefined ? by : add(current, by));
});

/** Update operators. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  $set: set,
  $setOnInsert: set,
  $unset: {
    creates: false,
    apply: (slot) => {
      slot.remove();
    },
  },
  $inc: increment,
  $min: bound(-1),
  $max: bound(1),
};
