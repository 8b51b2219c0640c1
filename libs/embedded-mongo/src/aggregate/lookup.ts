import type { Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { failedToParse } from '../errors.js';
import { Doc } from './doc.js';
import { compileExpression, resolvePath } from './expression.js';
import { mapStage, type PipelineContext, type Stage } from './stage.js';

interface LookupSpec {
  readonly from: string;
  readonly as: string;
  readonly localField: string | undefined;
  readonly foreignField: string | undefined;
  readonly pipeline: readonly Document[];
  readonly let: Document;
}

function parse(spec: unknown): LookupSpec {
  if (!isPlainObject(spec)) throw failedToParse('the $lookup specification must be an Object');
  const { from, as, localField, foreignField, pipeline, let: bindings } = spec;
  if (typeof from !== 'string' || typeof as !== 'string') {
    throw failedToParse("$lookup needs 'from' and 'as' strings");
  }
  const joined = typeof localField === 'string' && typeof foreignField === 'string';
  if (!joined && !Array.isArray(pipeline)) {
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField'",
    );
  }
  return {
    from,
    as,
    localField: joined ? localField : undefined,
    foreignField: joined ? foreignField : undefined,
    pipeline: Array.isArray(pipeline) ? (pipeline as Document[]) : [],
    let: isPlainObject(bindings) ? bindings : {},
  };
}

/** The values by which a document joins: an array by each of its elements, a missing field as null. */
function joinCondition(doc: Doc, { localField, foreignField }: LookupSpec): Document[] {
  if (localField === undefined || foreignField === undefined) return [];
  const value = resolvePath(doc.boxed, localField.split('.'));
  if (!Array.isArray(value)) return [{ $match: { [foreignField]: { $eq: value ?? null } } }];
  return [{ $match: { [foreignField]: { $in: value as unknown[] } } }];
}

/**
 * `$match: {$expr: {$eq: ['$field', '$$variable']}}` with a known, plain value is also an ordinary
 * equality, which an index can serve. `$expr` compares arrays whole, hence it stays as a test.
 */
function narrowed(pipeline: readonly Document[], variables: Record<string, unknown>): Document[] {
  return pipeline.map((stage, at) => {
    const match: unknown = at === 0 ? stage.$match : undefined;
    const equality: unknown =
      isPlainObject(match) && isPlainObject(match.$expr) ? match.$expr.$eq : undefined;
    if (!isPlainObject(match) || !Array.isArray(equality)) return stage;
    const [field, variable] = equality as unknown[];
    if (typeof field !== 'string' || typeof variable !== 'string') return stage;
    if (!/^\$[^$]/.test(field) || !variable.startsWith('$$')) return stage;
    const value = variables[variable.slice(2)];
    const plain = value !== undefined && value !== null && !Array.isArray(value);
    if (!plain || field.includes('.')) return stage;
    return { $match: { $and: [match, { [field.slice(1)]: { $eq: value } }] } };
  });
}

/** `$lookup`, by equality of two fields, by a pipeline with variables, or by both. */
export function lookupStage(spec: unknown, next: Stage, context: PipelineContext): Stage {
  const lookup = parse(spec);
  const bindings = Object.entries(lookup.let).map(
    ([name, value]) => [name, compileExpression(value, context.variables)] as const,
  );
  const path = lookup.as.split('.');
  if (path.length > 1) throw failedToParse("$lookup 'as' must be a top-level field here");
  return mapStage(next, (doc, emit) => {
    const variables: Record<string, unknown> = { ...context.variables };
    for (const [name, expression] of bindings) variables[name] = expression(doc);
    const pipeline = [...joinCondition(doc, lookup), ...narrowed(lookup.pipeline, variables)];
    const joined = context.subPipeline(lookup.from, pipeline, variables);
    emit(Doc.of({ ...doc.boxed, [lookup.as]: joined.map((other) => other.boxed) }));
  });
}
