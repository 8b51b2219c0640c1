import { failedToParse, notImplemented } from '../bson/errors.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { MISSING, type Fields, type RawValue } from '../bson/raw.js';
import { arrayOf, checkSize, NULL, toDocument } from '../bson/values.js';
import { operandsOfEquality, pathExpression, type Expression } from '../query/expression.js';
import type { Join, Stage } from './steps.js';
import { optionsOf, withField } from './unwind.js';

/** Options of `$lookup`. */
export const LOOKUP_OPTIONS = [
  'from',
  'as',
  'localField',
  'foreignField',
  'let',
  'pipeline',
] as const;

interface Condition {
  /** What the other collection is asked for. */
  readonly query: RawValue;
  /** Which of what it answers belongs to the document. */
  readonly holds: (found: RawValue) => boolean;
}

interface Lookup {
  readonly conditionOf: (document: RawValue) => Condition;
  readonly limit: number;
}

/** By two fields: an array joins by each of its elements, a missing field as null. */
function byFields(local: string, foreign: string): Lookup {
  const valueOf = pathExpression(local);
  return {
    limit: Infinity,
    conditionOf: (document) => {
      const value = valueOf(document);
      const condition = value.isArray ? { $in: value } : { $eq: value.isMissing ? NULL : value };
      return { query: toDocument({ [foreign]: condition }), holds: () => true };
    },
  };
}

const badPipeline = () =>
  notImplemented(
    "a $lookup but by two fields, or by {let: {v: '$a'}, pipeline: [{$match: {$expr: {$eq: ['$b', '$$v']}}}, {$limit: n}]}",
  );

/** By a variable, which `$expr` compares as a whole: nothing stands for an array's elements. */
function byVariable(options: Fields): Lookup {
  const [[name, local] = ['', MISSING], second] = options.at('let').isObject
    ? options.at('let').entries()
    : [];
  const pipeline = options.at('pipeline').isArray ? options.at('pipeline').elements() : [];
  const [match, limit, more] = pipeline.map((stage) => stage.first());
  const expression = match?.[0] === '$match' ? match[1]?.first() : undefined;
  if (local.text?.startsWith('$') !== true || second !== undefined || more !== undefined) {
    throw badPipeline();
  }
  if (expression?.[0] !== '$expr' || (limit !== undefined && limit[0] !== '$limit')) {
    throw badPipeline();
  }
  const [foreign, variable] = operandsOfEquality(expression[1] ?? MISSING);
  if (foreign.text?.startsWith('$') !== true || variable.text !== `$$${name}`) throw badPipeline();
  const path = foreign.text.slice(1);
  return {
    limit: limit?.[1]?.number ?? Infinity,
    conditionOf: equality(pathExpression(local.text.slice(1)), path, pathExpression(path)),
  };
}

const equality =
  (local: Expression, path: string, foreign: Expression): Lookup['conditionOf'] =>
  (document) => {
    const value = local(document);
    const key = encodeRaw(value);
    // An index serves what is neither missing nor an array; of the others each document is compared.
    const isPlain = !value.isNullish && !value.isArray;
    return {
      query: toDocument(isPlain ? { [path]: { $eq: value } } : {}),
      holds: (found) => encodeRaw(foreign(found)).equals(key),
    };
  };

/** `$lookup`, by equality of two fields. */
export function lookupStage(spec: RawValue, join: Join): Stage {
  if (!spec.isObject) throw failedToParse('the $lookup specification must be an Object');
  const options = optionsOf(spec, LOOKUP_OPTIONS, '$lookup');
  const [from, as, local, foreign] = ['from', 'as', 'localField', 'foreignField'].map(
    (name) => options.at(name).text,
  );
  if (from === undefined || as === undefined) throw failedToParse("$lookup needs 'from' and 'as'");
  if (as.includes('.')) throw notImplemented("a nested field as the 'as' of $lookup");
  const isByFields = local !== undefined && foreign !== undefined;
  if (isByFields && (options.has('pipeline') || options.has('let'))) throw badPipeline();
  const { conditionOf, limit } = isByFields ? byFields(local, foreign) : byVariable(options);
  return function* (source) {
    for (const document of source) {
      yield undefined;
      if (document === undefined) continue;
      const { query, holds } = conditionOf(document);
      const joined: RawValue[] = [];
      for (const found of join(from, query)) {
        if (found !== undefined && holds(found)) joined.push(found);
        if (joined.length >= limit) break;
        yield undefined;
      }
      const result = withField(document, as, arrayOf(joined));
      checkSize(result.bytes);
      yield result;
    }
  };
}
