import { badValue, MongoFault, type FaultCode } from '../errors.js';
import {
  compareValues,
  numeric,
  operands,
  refuseWide,
  several,
  single,
  type Evaluate,
} from './arguments.js';
import { isNil } from './truth.js';

const unary = (name: string, compute: (number: number) => number): Evaluate =>
  single(name, (value) => (isNil(value) ? null : compute(numeric(name, value))));

const binary = (name: string, compute: (left: number, right: number) => number): Evaluate =>
  several(name, 2, 2, ([left, right]) => {
    if (isNil(left) || isNil(right)) return null;
    return compute(numeric(name, left), numeric(name, right));
  });

/** A number, unless it is outside of what the operator is defined for. */
function within(number: number, defined: boolean, code: FaultCode, message: string): number {
  if (defined || Number.isNaN(number)) return number;
  throw new MongoFault(code, `${message}, but is ${number}`);
}

function add(values: unknown[]): unknown {
  if (values.some(isNil)) return null;
  const dates = values.filter((value) => value instanceof Date).length;
  if (dates > 1) throw badValue('only one date allowed in an $add expression');
  let total = 0;
  for (const value of values) {
    total += value instanceof Date ? value.getTime() : numeric('$add', value);
  }
  return dates === 1 ? new Date(Math.round(total)) : total;
}

function subtract([left, right]: unknown[]): unknown {
  if (isNil(left) || isNil(right)) return null;
  if (!(left instanceof Date)) return numeric('$subtract', left) - numeric('$subtract', right);
  if (right instanceof Date) return left.getTime() - right.getTime();
  return new Date(left.getTime() - Math.round(numeric('$subtract', right)));
}

function numbersIn(obj: never, expr: never, options: never, name: string): number[] {
  const list = operands(obj, expr, options);
  for (const item of list) refuseWide(name, item);
  return list.filter((item) => typeof item === 'number');
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

const extreme =
  (sign: 1 | -1): Evaluate =>
  (obj, expr, options) => {
    let best: unknown = null;
    for (const item of operands(obj, expr, options)) {
      if (isNil(item)) continue;
      if (best === null || compareValues(item, best) * sign > 0) best = item;
    }
    return best;
  };

export const ARITHMETIC: Readonly<Record<string, Evaluate>> = {
  $abs: unary('$abs', Math.abs),
  $ceil: unary('$ceil', Math.ceil),
  $floor: unary('$floor', Math.floor),
  $exp: unary('$exp', Math.exp),
  $ln: unary('$ln', (x) =>
    Math.log(within(x, x > 0, 28766, "$ln's argument must be a positive number")),
  ),
  $log10: unary('$log10', (x) =>
    Math.log10(within(x, x > 0, 28761, "$log10's argument must be a positive number")),
  ),
  $sqrt: unary('$sqrt', (x) =>
    Math.sqrt(within(x, x >= 0, 28714, "$sqrt's argument must be greater than or equal to 0")),
  ),
  $log: binary('$log', (x, base) => {
    within(x, x > 0, 28758, "$log's argument must be a positive number");
    within(base, base > 0 && base !== 1, 28759, "$log's base must be positive and not 1");
    return Math.log(x) / Math.log(base);
  }),
  $pow: binary('$pow', (base, exponent) => {
    const undefinedAtZero = base === 0 && exponent < 0;
    within(exponent, !undefinedAtZero, 28764, '$pow cannot take a base of 0 and this exponent');
    return base ** exponent;
  }),
  $divide: binary('$divide', (left, right) => {
    if (right === 0) throw badValue("can't $divide by zero");
    return left / right;
  }),
  $mod: binary('$mod', (left, right) => {
    if (right === 0) throw new MongoFault(16610, "can't $mod by zero");
    return left % right;
  }),
  $add: several('$add', 0, Infinity, add),
  $subtract: several('$subtract', 2, 2, subtract),
  $multiply: several('$multiply', 0, Infinity, (values) =>
    values.some(isNil)
      ? null
      : values.reduce((product: number, value) => product * numeric('$multiply', value), 1),
  ),
  $max: extreme(1),
  $min: extreme(-1),
  $sum: (obj, expr, options) => sum(numbersIn(obj, expr, options, '$sum')),
  $avg: (obj, expr, options) => {
    const numbers = numbersIn(obj, expr, options, '$avg');
    return numbers.length === 0 ? null : sum(numbers) / numbers.length;
  },
};
