import { Fields, MISSING, type RawValue } from '../bson/raw.js';
import { documentOf } from '../bson/values.js';
import { badValue, notImplemented } from '../errors.js';
import type { Stage } from './steps.js';

/** Options of `$unwind`. */
export const UNWIND_OPTIONS = ['path', 'preserveNullAndEmptyArrays'] as const;

/** A document with one top-level field set, or taken out for a missing value. */
export function withField(document: RawValue, name: string, value: RawValue): RawValue {
  const entries = document.entries();
  const known = entries.some(([own]) => own === name);
  const changed = entries.map(([own, old]) => [own, own === name ? value : old] as const);
  return documentOf(known ? changed : [...changed, [name, value]]);
}

function parse(spec: RawValue): { readonly name: string; readonly keepsEmpty: boolean } {
  const options = spec.isObject ? spec.fields() : new Fields([['path', spec]]);
  for (const option of options.keys()) {
    if (!UNWIND_OPTIONS.some((known) => known === option)) {
      throw notImplemented(`the option ${option} of $unwind`);
    }
  }
  const path = options.at('path').text;
  if (path?.startsWith('$') !== true) {
    throw badValue("path option to $unwind stage should be prefixed with a '$'");
  }
  if (path.includes('.')) throw notImplemented('$unwind of a nested field');
  const keeps = options.get('preserveNullAndEmptyArrays');
  return { name: path.slice(1), keepsEmpty: keeps !== undefined && keeps.isTrue };
}

/** `$unwind`: one document for each element of a top-level array. */
export function unwindStage(spec: RawValue): Stage {
  const { name, keepsEmpty } = parse(spec);
  return function* (source) {
    for (const document of source) {
      const value = document && (document.fields().get(name) ?? MISSING);
      if (document === undefined || value === undefined) yield undefined;
      else if (value.isArray) {
        const items = value.elements();
        if (items.length === 0 && keepsEmpty) yield withField(document, name, MISSING);
        for (const item of items) yield withField(document, name, item);
      } else if (!value.isNullish || keepsEmpty) yield document;
    }
  };
}
