import type { RawValue } from '../bson/raw.js';
import { arrayOf, checkSize, NULL, toDocument } from '../bson/values.js';
import { failedToParse, notImplemented } from '../errors.js';
import {
  compileExpression,
  operandsOfEquality,
  type Expression,
  type Variables,
} from './expression.js';
import type { PipelineContext, Stage } from './steps.js';
import { withField } from './unwind.js';

/** Options of `$lookup`. */
export const LOOKUP_OPTIONS = [
  'from',
  'as',
  'localField',
  'foreignField',
  'let',
  'pipeline',
] as const;

interface Lookup {
  readonly from: string;
  readonly as: string;
  /** The condition that joins by two fields, for one document. */
  readonly join: (document: RawValue) => RawValue[];
  readonly bindings: readonly (readonly [string, Expression])[];
  readonly pipeline: readonly RawValue[];
}

function parse(spec: RawValue, variables: Variables): Lookup {
  if (!spec.isObject) throw failedToParse('the $lookup specification must be an Object');
  const options = spec.fields();
  for (const option of options.keys()) {
    if (!LOOKUP_OPTIONS.some((known) => known === option)) {
      throw notImplemented(`the option ${option} of $lookup`);
    }
  }
  const text = (name: string): string | undefined => options.at(name).text;
  const [from, as, local, foreign] = ['from', 'as', 'localField', 'foreignField'].map(text);
  const pipeline = options.get('pipeline');
  if (from === undefined || as === undefined) throw failedToParse("$lookup needs 'from' and 'as'");
  if (as.includes('.')) throw notImplemented("a nested field as the 'as' of $lookup");
  const isJoined = local !== undefined && foreign !== undefined;
  if (!isJoined && (pipeline === undefined || !pipeline.isArray)) {
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField'",
    );
  }
  const value = isJoined ? compileExpression(toValueOfPath(local), variables) : undefined;
  const bindings = options.get('let');
  return {
    from,
    as,
    join: (document) =>
      value === undefined || foreign === undefined ? [] : [equality(foreign, value(document))],
    bindings: (bindings && bindings.isObject ? bindings.entries() : []).map(
      ([name, expression]) => [name, compileExpression(expression, variables)] as const,
    ),
    pipeline: pipeline && pipeline.isArray ? pipeline.elements() : [],
  };
}

const toValueOfPath = (path: string): RawValue => toDocumentField(`$${path}`);
const toDocumentField = (text: string): RawValue => toDocument({ text }).fields().at('text');

/** An array joins by each of its elements, a missing field as null. */
function equality(foreign: string, value: RawValue): RawValue {
  const condition = value.isArray ? { $in: value } : { $eq: value.type === 0 ? NULL : value };
  return toDocument({ $match: { [foreign]: condition } });
}

/**
 * `$match: {$expr: {$eq: ['$field', '$$variable']}}` with a known, plain value is also an ordinary
 * equality, which an index can serve. `$expr` compares arrays whole, hence it stays as a test.
 */
function narrowed(stage: RawValue, variables: Variables): RawValue {
  const match = stage.isObject ? stage.fields().get('$match') : undefined;
  const expression = match && match.isObject ? match.fields().get('$expr') : undefined;
  const [left, right] = (expression && operandsOfEquality(expression)) ?? [];
  const field = left && left.text;
  const variable = right && right.text;
  if (match === undefined || field === undefined || variable === undefined) return stage;
  if (!/^\$[^$.]+$/.test(field) || !/^\$\$[^.]+$/.test(variable)) return stage;
  const value = variables.get(variable.slice(2));
  if (value === undefined || value.isNullish || value.isArray) return stage;
  return toDocument({ $match: { $and: [match, { [field.slice(1)]: { $eq: value } }] } });
}

/** `$lookup`, by equality of two fields, by a pipeline with variables, or by both. */
export function lookupStage(spec: RawValue, context: PipelineContext): Stage {
  const lookup = parse(spec, context.variables);
  return function* (source) {
    for (const document of source) {
      if (document === undefined) {
        yield undefined;
        continue;
      }
      const variables = new Map(context.variables);
      for (const [name, expression] of lookup.bindings) variables.set(name, expression(document));
      const [first, ...rest] = lookup.pipeline;
      const own = first === undefined ? [] : [narrowed(first, variables), ...rest];
      const joined: RawValue[] = [];
      const steps = context.run(lookup.from, [...lookup.join(document), ...own], variables);
      for (const found of steps) {
        if (found === undefined) yield undefined;
        else joined.push(found);
      }
      const result = withField(document, lookup.as, arrayOf(joined));
      checkSize(result.bytes);
      yield result;
    }
  };
}
