import type { RawValue } from '../bson/raw.js';
import { encodeRaw } from '../bson/key-encoding.js';

import { compileFilter, type Conjunct, type Filter } from '../query/matcher.js';
import { fieldBounds } from './bounds.js';

function implies(filter: Filter, wanted: Conjunct): boolean {
  const same = filter.conjuncts.some(
    ({ path, operator, operand }) =>
      path === wanted.path &&
      operator === wanted.operator &&
      encodeRaw(operand).equals(encodeRaw(wanted.operand)),
  );
  if (same) return true;
  const given = fieldBounds(filter.conjuncts, wanted.path, true);
  if (given === undefined) return false;
  if (wanted.operator === '$exists') return wanted.operand.isTrue && given.excludesNull;
  const needed = fieldBounds([wanted], wanted.path, true);
  if (needed?.exact !== true) return false;
  return given.ranges.every(({ start, end }) =>
    needed.ranges.some((range) => range.start.compare(start) <= 0 && range.end.compare(end) >= 0),
  );
}

/** Whether every match of `filter` lies in an index with this partialFilterExpression. */
export function impliesPartial(filter: Filter, expression: RawValue): boolean {
  const { conjuncts, complete } = compileFilter(expression);
  return complete && conjuncts.every((wanted) => implies(filter, wanted));
}
