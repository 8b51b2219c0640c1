import { Long, type Document } from 'bson';
import { asBoolean, isPlainObject } from '../bson/codec.js';
import { badValue } from '../errors.js';
import { Doc } from './doc.js';
import { resolvePath } from './expression.js';
import { mapStage, type Stage } from './stage.js';

function withValue(document: Document, names: readonly string[], value: unknown): Document {
  const [name = '', ...rest] = names;
  const inner: unknown = document[name];
  const next =
    rest.length === 0 ? value : withValue(isPlainObject(inner) ? inner : {}, rest, value);
  const copy = { ...document };
  if (next === undefined) Reflect.deleteProperty(copy, name);
  else copy[name] = next;
  return copy;
}

/** `$unwind`: one document for each element of an array. */
export function unwindStage(spec: unknown, next: Stage): Stage {
  const options: Document = isPlainObject(spec) ? spec : { path: spec };
  const path: unknown = options.path;
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw badValue("path option to $unwind stage should be prefixed with a '$'");
  }
  const names = path.slice(1).split('.');
  const keepEmpty = asBoolean(options.preserveNullAndEmptyArrays);
  const indexName: unknown = options.includeArrayIndex;
  const numbered = (document: Document, index: number | null): Document =>
    typeof indexName === 'string'
      ? { ...document, [indexName]: index === null ? null : Long.fromNumber(index) }
      : document;
  return mapStage(next, (doc, emit) => {
    const value = resolvePath(doc.boxed, names);
    if (!Array.isArray(value)) {
      const empty = value === null || value === undefined;
      if (!empty || keepEmpty) emit(Doc.of(numbered(doc.boxed, null)));
    } else if (value.length === 0) {
      if (keepEmpty) emit(Doc.of(numbered(withValue(doc.boxed, names, undefined), null)));
    } else {
      value.forEach((item: unknown, index) => {
        emit(Doc.of(numbered(withValue(doc.boxed, names, item), index)));
      });
    }
  });
}
