import { BSONRegExp, type Document } from 'bson';
import { asNumber, isPlainObject } from '../bson/codec.js';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, MongoFault } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { parseSort, sortKeyer } from '../query/sort.js';
import { Doc } from '../aggregate/doc.js';
import type { Slot } from './paths.js';

function listIn(place: Slot, operator: string): unknown[] | undefined {
  const value = place.get();
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    throw badValue(`The field must be an array but is of another type, in ${operator}`);
  }
  return value as unknown[];
}

const isModifier = (operand: unknown): operand is Document =>
  isPlainObject(operand) && '$each' in operand;

function items(operand: unknown): unknown[] {
  if (!isModifier(operand)) return [operand];
  if (!Array.isArray(operand.$each)) throw badValue('The argument to $each must be an array');
  return operand.$each as unknown[];
}

const PUSH_MODIFIERS = new Set(['$each', '$position', '$slice', '$sort']);

function sortList(list: unknown[], spec: unknown): unknown[] {
  if (isPlainObject(spec)) {
    const keyOf = sortKeyer(parseSort(spec));
    const keyed = list.map((item) => ({
      item,
      key: keyOf(Doc.of(isPlainObject(item) ? item : {}).raw),
    }));
    return keyed.sort((a, b) => a.key.compare(b.key)).map(({ item }) => item);
  }
  const sign = asNumber(spec) === -1 ? -1 : 1;
  const keyed = list.map((item) => ({ item, key: encodeValue(item) }));
  return keyed.sort((a, b) => a.key.compare(b.key) * sign).map(({ item }) => item);
}

export function push(place: Slot, operand: unknown): void {
  let list = [...(listIn(place, '$push') ?? [])];
  const modifiers: Document = isModifier(operand) ? operand : {};
  for (const name of Object.keys(modifiers)) {
    if (!PUSH_MODIFIERS.has(name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const position = asNumber(modifiers.$position);
  if (position === undefined) list.push(...items(operand));
  else list.splice(position, 0, ...items(operand));
  if (modifiers.$sort !== undefined) list = sortList(list, modifiers.$sort);
  const slice = asNumber(modifiers.$slice);
  if (slice !== undefined) list = slice < 0 ? list.slice(slice) : list.slice(0, slice);
  place.set(list);
}

export function addToSet(place: Slot, operand: unknown): void {
  const before = listIn(place, '$addToSet');
  const list = [...(before ?? [])];
  const keys = new Set(list.map((item) => encodeValue(item).toString('latin1')));
  for (const item of items(operand)) {
    const key = encodeValue(item).toString('latin1');
    if (keys.has(key)) continue;
    keys.add(key);
    list.push(item);
  }
  if (before?.length !== list.length) place.set(list);
}

/** `$pull`: a query on elements that are documents, a condition on any element, or an exact value. */
function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isPlainObject(operand) && Object.keys(operand)[0]?.startsWith('$') !== true) {
    const { match } = compileFilter(operand);
    return (item) => isPlainObject(item) && match(Doc.of(item).raw, 0);
  }
  if (isPlainObject(operand) || operand instanceof BSONRegExp) {
    const { match } = compileFilter({ v: operand });
    return (item) => match(Doc.of({ v: item }).raw, 0);
  }
  const key = encodeValue(operand);
  return (item) => encodeValue(item).equals(key);
}

export function pull(place: Slot, operand: unknown): void {
  const list = listIn(place, '$pull');
  if (list === undefined) return;
  const matches = pullTest(operand);
  const kept = list.filter((item) => !matches(item));
  if (kept.length !== list.length) place.set(kept);
}

export function pullAll(place: Slot, operand: unknown): void {
  const list = listIn(place, '$pullAll');
  if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
  if (list === undefined) return;
  const keys = new Set(operand.map((item: unknown) => encodeValue(item).toString('latin1')));
  const kept = list.filter((item) => !keys.has(encodeValue(item).toString('latin1')));
  if (kept.length !== list.length) place.set(kept);
}

export function pop(place: Slot, operand: unknown): void {
  const list = listIn(place, '$pop');
  const end = asNumber(operand);
  if (end !== 1 && end !== -1) throw new MongoFault(9, '$pop expects 1 or -1');
  if (list !== undefined) place.set(end === 1 ? list.slice(0, -1) : list.slice(1));
}
