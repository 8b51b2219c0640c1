import { badValue, notImplemented } from '../bson/errors.js';
import { Fields, MISSING, type RawValue } from '../bson/raw.js';
import { documentOf } from '../bson/values.js';
import type { Stage } from './steps.js';

/** Options of `$unwind`. */
export const UNWIND_OPTIONS = ['path', 'preserveNullAndEmptyArrays'] as const;

/** The options of a stage; what it does not know is refused. */
export function optionsOf(spec: RawValue, known: readonly string[], stage: string): Fields {
  const options = spec.fields();
  for (const option of options.keys()) {
    if (!known.includes(option)) throw notImplemented(`the option ${option} of ${stage}`);
  }
  return options;
}

/** A document with one top-level field set, or taken out for a missing value. */
export const withField = (document: RawValue, name: string, value: RawValue): RawValue =>
  documentOf(document.fields().set(name, value));

/** `$unwind`: one document for each element of a top-level array. */
export function unwindStage(spec: RawValue): Stage {
  const options = spec.isObject
    ? optionsOf(spec, UNWIND_OPTIONS, '$unwind')
    : new Fields([['path', spec]]);
  const path = options.at('path').text;
  if (path?.startsWith('$') !== true) {
    throw badValue("path option to $unwind stage should be prefixed with a '$'");
  }
  if (path.includes('.')) throw notImplemented('$unwind of a nested field');
  const name = path.slice(1);
  const keepsEmpty = options.at('preserveNullAndEmptyArrays').isTrue;
  return function* (source) {
    for (const document of source) {
      yield undefined;
      if (document === undefined) continue;
      const value = document.fields().at(name);
      if (value.isArray) {
        const items = value.elements();
        if (items.length === 0 && keepsEmpty) yield withField(document, name, MISSING);
        for (const item of items) yield withField(document, name, item);
      } else if (!value.isNullish || keepsEmpty) yield document;
    }
  };
}
