import type { Variables } from '../aggregate/expression.js';
import { buildPipeline, sortStage } from '../aggregate/pipeline.js';
import {
  chain,
  limitStage,
  mapStage,
  skipStage,
  type PipelineContext,
  type Stage,
  type Steps,
} from '../aggregate/steps.js';
import { Fields, type RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { FIRST_BATCH } from '../cursors.js';
import { failedToParse, MongoFault } from '../errors.js';
import { Execution } from '../plan/execution.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { Reader } from '../plan/reader.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import type { Collection } from '../storage/catalog.js';
import type { Reply } from '../wire/message.js';
import { countOnly, countSteps, fastCount } from './count.js';
import {
  clockOf,
  documentField,
  fieldOf,
  flagField,
  hintField,
  namespaceOf,
  numberField,
  readView,
  refuseCollation,
  type CommandContext,
} from './context.js';
import { systemSource } from './stats.js';

/** A query ready to run: its plan, if the collection exists, and its documents on demand. */
export interface Prepared {
  readonly namespace: string;
  readonly filter: RawValue;
  readonly plan: Plan | undefined;
  readonly execution: Execution;
}

const NONE: Variables = new Map();
const ALL = toDocument({});

function* nothing(): Steps {
  // A collection that does not exist holds no documents.
}

/** Prepares a find command without running it. */
export function prepareFind(context: CommandContext, body: Fields, namespace: string): Prepared {
  refuseCollation(body);
  const query = documentField(body, 'filter') ?? ALL;
  const filter = compileFilter(query);
  const sortSpec = documentField(body, 'sort') ?? ALL;
  const natural = sortSpec.fields().has('$natural');
  const sort = parseSort(natural ? ALL : sortSpec);
  const hint = natural ? sortSpec : hintField(body);
  const projection = compileProjection(documentField(body, 'projection'), NONE);
  const skip = numberField(body, 'skip') ?? 0;
  const limit = limitOf(body);
  const collection = context.database.catalog.get(namespace);
  const view = readView(context);
  const plan = collection && planQuery(collection, filter, sort, view, hint);
  const stages: Stage[] = [];
  if (plan?.sorted === false) stages.push(sortStage(sort, limit > 0 ? limit + skip : undefined));
  if (skip > 0) stages.push(skipStage(skip));
  if (limit > 0) stages.push(limitStage(limit));
  if (projection !== undefined) stages.push(mapStage(projection));
  const reader = new Reader(view);
  const source = plan ? reader.scan(plan, filter.match).documents() : nothing();
  const execution = new Execution(reader, chain(stages, source), clockOf(body));
  return { namespace, filter: query, plan, execution };
}

/** Drivers of old ask for a single batch by a negative limit. */
function limitOf(body: Fields): number {
  const value = fieldOf(body, 'limit');
  return Math.abs((value && value.number) ?? 0);
}

export async function find(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const prepared = prepareFind(context, body, namespaceOf(context));
  const limit = fieldOf(body, 'limit');
  return context.cursors.open(prepared.namespace, prepared.execution, {
    batchSize: numberField(body, 'batchSize') ?? FIRST_BATCH,
    single: flagField(body, 'singleBatch') === true || ((limit && limit.number) ?? 0) < 0,
    session: context.session,
    inTransaction: context.transaction !== undefined,
  });
}

/** Lets stages read other collections of the same database, in the same view. */
function pipelineContext(context: CommandContext, reader: Reader): PipelineContext {
  const run: PipelineContext['run'] = (name, pipeline, variables) => {
    const { filter, rest } = leadingMatch(pipeline, variables);
    const collection = context.database.catalog.get(`${context.command.database}.${name}`);
    const stages = buildPipeline(rest, { variables, run });
    if (collection === undefined) return chain(stages, nothing());
    const plan = planQuery(collection, filter, [], reader.view);
    return chain(stages, documentsOf(reader, plan, filter));
  };
  return { variables: NONE, run };
}

/** The scan is forgotten with its last document: there is one for each that is joined to. */
function* documentsOf(reader: Reader, plan: Plan, filter: Filter): Steps {
  const scan = reader.scan(plan, filter.match);
  try {
    yield* scan.documents();
  } finally {
    reader.scans.delete(scan);
  }
}

interface Source {
  readonly query: RawValue;
  readonly filter: Filter;
  readonly rest: readonly RawValue[];
}

/** The `$match` stages a pipeline begins with, as one filter that indexes can serve. */
function leadingMatch(pipeline: readonly RawValue[], variables: Variables): Source {
  const matches: RawValue[] = [];
  for (const stage of pipeline) {
    const fields: Fields = stage.isObject ? stage.fields() : new Fields();
    const match = fields.get('$match');
    if (fields.size !== 1 || match === undefined || !match.isObject) break;
    matches.push(match);
  }
  const [first, second] = matches;
  const query = second === undefined ? (first ?? ALL) : toDocument({ $and: matches });
  return { query, filter: compileFilter(query, variables), rest: pipeline.slice(matches.length) };
}

function pipelineOf(body: Fields): RawValue[] {
  const pipeline = body.get('pipeline');
  if (pipeline === undefined || !pipeline.isArray)
    throw new MongoFault(14, "'pipeline' option must be specified as an array");
  return pipeline.elements();
}

/** Prepares an aggregation without running it. */
export function prepareAggregate(
  context: CommandContext,
  body: Fields,
  namespace: string,
): Prepared {
  refuseCollation(body);
  const reader = new Reader(readView(context));
  const pipeline = pipelineOf(body);
  const clock = clockOf(body);
  const [first, ...others] = pipeline;
  const system = first && systemSource(context, first, namespace);
  if (system !== undefined) {
    const stages = buildPipeline(others, pipelineContext(context, reader));
    const execution = new Execution(reader, chain(stages, system), clock);
    return { namespace, filter: ALL, plan: undefined, execution };
  }
  if (namespace.endsWith('.$cmd.aggregate')) {
    buildPipeline(pipeline, pipelineContext(context, reader));
    throw new MongoFault(73, 'This pipeline needs a collection to read from');
  }
  const collection = context.database.catalog.get(namespace);
  return { namespace, ...overCollection(context, body, reader, pipeline, collection) };
}

function overCollection(
  context: CommandContext,
  body: Fields,
  reader: Reader,
  pipeline: readonly RawValue[],
  collection: Collection | undefined,
): Omit<Prepared, 'namespace'> {
  const { query, filter, rest } = leadingMatch(pipeline, NONE);
  const [name, spec] = rest[0]?.first() ?? [];
  const sort = name === '$sort' && spec && spec.isObject ? parseSort(spec) : [];
  const plan = collection && planQuery(collection, filter, sort, reader.view, hintField(body));
  const served = sort.length > 0 && plan?.sorted === true;
  const stages = buildPipeline(rest, pipelineContext(context, reader)).slice(served ? 1 : 0);
  const clock = clockOf(body);
  const counted = plan && countOnly(rest) ? fastCount(plan, reader.view) : undefined;
  const [only] = rest;
  if (counted !== undefined && only !== undefined) {
    const execution = new Execution(reader, countSteps(only, counted), clock);
    return { filter: query, plan, execution };
  }
  const source = plan ? reader.scan(plan, filter.match).documents() : nothing();
  return { filter: query, plan, execution: new Execution(reader, chain(stages, source), clock) };
}

export async function aggregate(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const target = fieldOf(body, 'aggregate');
  const isWhole = target !== undefined && target.number === 1;
  const namespace = isWhole ? `${database}.$cmd.aggregate` : namespaceOf(context);
  const cursor = documentField(body, 'cursor');
  if (cursor === undefined) throw failedToParse("The 'cursor' option is required");
  const prepared = prepareAggregate(context, body, namespace);
  return context.cursors.open(prepared.namespace, prepared.execution, {
    batchSize: numberField(cursor.fields(), 'batchSize') ?? FIRST_BATCH,
    single: false,
    session: context.session,
    inTransaction: context.transaction !== undefined,
  });
}
