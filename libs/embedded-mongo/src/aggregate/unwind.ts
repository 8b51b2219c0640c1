import { MISSING, type RawValue } from '../bson/raw.js';
import {
  documentOf,
  elementsOf,
  entriesOf,
  fieldsOf,
  isArray,
  isNullish,
  isObject,
  isTrue,
  textOf,
} from '../bson/values.js';
import { badValue, notImplemented } from '../errors.js';
import type { Stage } from './steps.js';

/** Options of `$unwind`. */
export const UNWIND_OPTIONS = ['path', 'preserveNullAndEmptyArrays'] as const;

/** A document with one top-level field set, or taken out for a missing value. */
export function withField(document: RawValue, name: string, value: RawValue): RawValue {
  const entries = entriesOf(document);
  const known = entries.some(([own]) => own === name);
  const changed = entries.map(([own, old]) => [own, own === name ? value : old] as const);
  return documentOf(known ? changed : [...changed, [name, value]]);
}

function parse(spec: RawValue): { readonly name: string; readonly keepsEmpty: boolean } {
  const options = isObject(spec) ? fieldsOf(spec) : new Map([['path', spec]]);
  for (const option of options.keys()) {
    if (!UNWIND_OPTIONS.some((known) => known === option)) {
      throw notImplemented(`the option ${option} of $unwind`);
    }
  }
  const path = textOf(options.get('path') ?? MISSING);
  if (path?.startsWith('$') !== true) {
    throw badValue("path option to $unwind stage should be prefixed with a '$'");
  }
  if (path.includes('.')) throw notImplemented('$unwind of a nested field');
  const keeps = options.get('preserveNullAndEmptyArrays');
  return { name: path.slice(1), keepsEmpty: keeps !== undefined && isTrue(keeps) };
}

/** `$unwind`: one document for each element of a top-level array. */
export function unwindStage(spec: RawValue): Stage {
  const { name, keepsEmpty } = parse(spec);
  return function* (source) {
    for (const document of source) {
      const value = document && (fieldsOf(document).get(name) ?? MISSING);
      if (document === undefined || value === undefined) yield undefined;
      else if (isArray(value)) {
        const items = elementsOf(value);
        if (items.length === 0 && keepsEmpty) yield withField(document, name, MISSING);
        for (const item of items) yield withField(document, name, item);
      } else if (!isNullish(value) || keepsEmpty) yield document;
    }
  };
}
