import type { Document } from 'bson';
import { Doc } from '../aggregate/doc.js';
import { buildPipeline, runPipeline } from '../aggregate/pipeline.js';
import { mapStage, Output, type PipelineContext, type Stage } from '../aggregate/stage.js';
import { asBoolean, asNumber, isPlainObject } from '../bson/codec.js';
import { FIRST_BATCH } from '../cursors.js';
import { failedToParse, MongoFault, notImplemented } from '../errors.js';
import { Execution } from '../plan/execution.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { Scan } from '../plan/scan.js';
import { compileFilter, type Filter, type Variables } from '../query/matcher.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import type { Reply } from '../wire/message.js';
import { countExecution, countOnly, fastCount } from './count.js';
import {
  documentOption,
  namespaceOf,
  numberOption,
  readView,
  refuseCollation,
  type CommandContext,
} from './context.js';
import { checkFindOptions } from './find-options.js';

/** A query ready to run: its plan, if the collection exists, and its documents on demand. */
export interface Prepared {
  readonly namespace: string;
  readonly filter: Document;
  readonly plan: Plan | undefined;
  readonly execution: Execution;
}

const timeLimitOf = (body: Document): number => numberOption(body, 'maxTimeMS') || Infinity;

/** Prepares a find command without running it. */
export function prepareFind(context: CommandContext, body: Document, namespace: string): Prepared {
  checkFindOptions(body);
  refuseCollation(body);
  const variables = documentOption(body, 'let') ?? {};
  const query = documentOption(body, 'filter') ?? {};
  const filter = compileFilter(query, variables);
  const sortSpec = documentOption(body, 'sort') ?? {};
  const natural = '$natural' in sortSpec;
  const sort = parseSort(natural ? {} : sortSpec);
  const hint: unknown = natural ? sortSpec : (body.hint ?? undefined);
  const projection = compileProjection(documentOption(body, 'projection'), {
    variables,
    find: true,
  });
  const collection = context.database.catalog.get(namespace);
  const plan =
    collection &&
    planQuery(collection, filter, sort, readView(context), hint === '' ? undefined : hint);
  const output = new Output();
  let head: Stage = output;
  if (projection !== undefined) {
    head = mapStage(output, (doc, emit) => {
      emit(projection(doc));
    });
  }
  const skip = numberOption(body, 'skip') ?? 0;
  const limit = Math.abs(asNumber(body.limit) ?? 0);
  const stages: Document[] = [];
  if (plan?.sorted === false) stages.push({ $sort: sortSpec });
  if (plan?.sorted === false && limit > 0) stages.push({ $limit: limit + skip });
  if (skip > 0) stages.push({ $skip: skip });
  if (limit > 0) stages.push({ $limit: limit });
  head = buildPipeline(stages, head, pipelineContext(context, variables));
  const scan = plan && new Scan(plan, filter.match, readView(context));
  return {
    namespace,
    filter: query,
    plan,
    execution: new Execution(scan, head, output, timeLimitOf(body)),
  };
}

export async function find(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const prepared = prepareFind(context, body, namespaceOf(context));
  const limit = asNumber(body.limit) ?? 0;
  return context.cursors.open(prepared.namespace, prepared.execution, {
    batchSize: numberOption(body, 'batchSize') ?? FIRST_BATCH,
    single: asBoolean(body.singleBatch) || limit < 0,
    session: context.session,
    inTransaction: context.transaction !== undefined,
  });
}

/** Lets stages read other collections of the same database, in the same view. */
function pipelineContext(context: CommandContext, variables: Variables): PipelineContext {
  const view = readView(context);
  const own: PipelineContext = {
    variables,
    subPipeline: (name, pipeline, inner) => {
      const source = leadingMatch(pipeline, inner);
      const collection = context.database.catalog.get(`${context.command.database}.${name}`);
      if (collection === undefined) return [];
      const plan = planQuery(collection, source.filter, [], view);
      const scan = new Scan(plan, source.filter.match, view);
      const docs = runPipeline(documents(scan), source.rest, { ...own, variables: inner });
      scan.suspend();
      return docs;
    },
  };
  return own;
}

function* documents(scan: Scan): Generator<Doc> {
  for (let found = scan.next(); found !== undefined; found = scan.next())
    yield Doc.ofRaw(found.raw);
}

interface Source {
  readonly query: Document;
  readonly filter: Filter;
  readonly rest: readonly Document[];
}

/** The `$match` stages a pipeline begins with, as one filter that indexes can serve. */
function leadingMatch(pipeline: readonly Document[], variables: Variables): Source {
  const matches: Document[] = [];
  for (const stage of pipeline) {
    if (!isPlainObject(stage) || !isPlainObject(stage.$match) || Object.keys(stage).length > 1)
      break;
    matches.push(stage.$match);
  }
  const [first, second] = matches;
  const query = second === undefined ? (first ?? {}) : { $and: matches };
  return { query, filter: compileFilter(query, variables), rest: pipeline.slice(matches.length) };
}

function pipelineOf(body: Document): Document[] {
  const pipeline: unknown = body.pipeline;
  if (!Array.isArray(pipeline))
    throw new MongoFault(14, "'pipeline' option must be specified as an array");
  return pipeline as Document[];
}

/** Prepares an aggregation without running it. */
export function prepareAggregate(
  context: CommandContext,
  body: Document,
  namespace: string,
): Prepared {
  refuseCollation(body);
  const variables = documentOption(body, 'let') ?? {};
  const { query, filter, rest } = leadingMatch(pipelineOf(body), variables);
  const collection = context.database.catalog.get(namespace);
  const sortSpec: unknown = rest[0]?.$sort;
  const sort = isPlainObject(sortSpec) ? parseSort(sortSpec) : [];
  const view = readView(context);
  const plan = collection && planQuery(collection, filter, sort, view, body.hint ?? undefined);
  const output = new Output();
  const served = sort.length > 0 && plan?.sorted === true;
  const stages = served ? rest.slice(1) : rest;
  const head = buildPipeline(stages, output, pipelineContext(context, variables));
  const counted = plan && countOnly(rest) ? fastCount(plan, view) : undefined;
  if (counted !== undefined) {
    return { namespace, filter: query, plan, execution: countExecution(rest, counted) };
  }
  const scan = plan && new Scan(plan, filter.match, view);
  const execution = new Execution(scan, head, output, timeLimitOf(body));
  return { namespace, filter: query, plan, execution };
}

export async function aggregate(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  if (typeof body.aggregate !== 'string') {
    throw notImplemented('an aggregation that reads no collection');
  }
  const prepared = prepareAggregate(context, body, `${database}.${body.aggregate}`);
  const cursor = documentOption(body, 'cursor');
  if (cursor === undefined) throw failedToParse("The 'cursor' option is required");
  return context.cursors.open(prepared.namespace, prepared.execution, {
    batchSize: numberOption(cursor, 'batchSize') ?? FIRST_BATCH,
    single: false,
    session: context.session,
    inTransaction: context.transaction !== undefined,
  });
}
