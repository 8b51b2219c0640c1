import { buildPipeline, sortStage } from '../aggregate/stages.js';
import {
  chain,
  limitStage,
  mapStage,
  skipStage,
  type Join,
  type Stage,
  type Steps,
} from '../aggregate/steps.js';
import { failedToParse, MongoFault } from '../bson/errors.js';
import { bigintOf } from '../bson/numbers.js';
import { BsonType, type Fields, type RawValue } from '../bson/raw.js';
import { int32, toDocument } from '../bson/values.js';
import { planQuery, type Plan } from '../plan/planner.js';
import { documentsOf, scan, type Examined } from '../plan/scan.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { compileProjection } from '../query/projection.js';
import { parseSort, type SortField } from '../query/sort.js';
import { Cursor, FIRST_BATCH } from '../sessions/cursors.js';
import type { Reply } from '../wire/message.js';
import {
  arrayField,
  checkFields,
  documentField,
  filterField,
  flagField,
  namespaceOf,
  numberField,
  readView,
  textField,
  type CommandContext,
} from './context.js';
import { systemSource } from './stats.js';

/** Fields of `find`, also where it is explained. */
export const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
] as const;

/** Matching documents in the order asked for, and how they are reached. */
interface Selected {
  readonly filter: Filter;
  /** Undefined when there is no such collection. */
  readonly plan: Plan | undefined;
  readonly steps: Steps;
  readonly examined: Examined;
}

/** @param limit how many of the sorted documents are wanted, at most */
function select(
  context: CommandContext,
  namespace: string,
  filter: Filter,
  sort: readonly SortField[] = [],
  limit?: number,
): Selected {
  const view = readView(context);
  const collection = context.database.catalog.get(namespace);
  const plan = collection && planQuery(collection, filter, sort, view);
  const examined = { keys: 0, documents: 0 };
  // A collection that does not exist holds no documents.
  const found = plan === undefined ? [] : scan(plan, filter.match, view, examined);
  const sorting = plan?.sorted === false ? [sortStage(sort, limit)] : [];
  return { filter, plan, steps: chain(sorting, documentsOf(found)), examined };
}

/** Prepares a find command without running it. */
export function prepareFind(context: CommandContext, body: Fields, namespace: string): Selected {
  const sort = parseSort(documentField(body, 'sort'));
  const projection = compileProjection(documentField(body, 'projection'));
  const skip = numberField(body, 'skip') ?? 0;
  const limit = numberField(body, 'limit') ?? 0;
  const sorted = limit > 0 ? limit + skip : undefined;
  const selected = select(context, namespace, filterField(body, 'filter'), sort, sorted);
  const stages: Stage[] = [];
  if (skip > 0) stages.push(skipStage(skip));
  if (limit > 0) stages.push(limitStage(limit));
  if (projection !== undefined) stages.push(mapStage(projection));
  return { ...selected, steps: chain(stages, selected.steps) };
}

function open(
  context: CommandContext,
  namespace: string,
  steps: Steps,
  batchSize = FIRST_BATCH,
  isSingle = false,
): Promise<Reply> {
  const transactionOf = context.transaction?.session;
  const cursor = new Cursor(namespace, transactionOf, steps, context.clock);
  return context.cursors.open(cursor, batchSize, isSingle);
}

export async function find(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const namespace = namespaceOf(context);
  const { steps } = prepareFind(context, body, namespace);
  const isSingle = flagField(body, 'singleBatch');
  return open(context, namespace, steps, numberField(body, 'batchSize'), isSingle);
}

/** The `$match` stages a pipeline begins with, as one filter that indexes can serve, and what follows. */
function splitPipeline(pipeline: readonly RawValue[]): [Filter, readonly RawValue[]] {
  const matches: RawValue[] = [];
  for (const stage of pipeline) {
    const [name, query] = stage.first();
    if (name !== '$match' || query?.isObject !== true || stage.fields().size > 1) break;
    matches.push(query);
  }
  const [first, second] = matches;
  const query = second === undefined ? (first ?? toDocument({})) : toDocument({ $and: matches });
  return [compileFilter(query), pipeline.slice(matches.length)];
}

/** A sort right behind the matches may be served by an index. */
function sortedSource(
  context: CommandContext,
  namespace: string,
  pipeline: readonly RawValue[],
  join: Join,
): Steps {
  const [filter, rest] = splitPipeline(pipeline);
  const [[name, spec], [next, limit]] = [rest[0]?.first() ?? [], rest[1]?.first() ?? []];
  if (name !== '$sort' || spec?.isObject !== true) {
    return chain(buildPipeline(rest, join), select(context, namespace, filter).steps);
  }
  const wanted = next === '$limit' ? limit?.number : undefined;
  const { steps } = select(context, namespace, filter, parseSort(spec), wanted);
  return chain(buildPipeline(rest.slice(1), join), steps);
}

export async function aggregate(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const isWhole = body.at('aggregate').number === 1;
  const namespace = isWhole ? `${database}.$cmd.aggregate` : namespaceOf(context);
  const cursor = documentField(body, 'cursor')?.fields();
  const pipeline = arrayField(body, 'pipeline');
  if (cursor === undefined) throw failedToParse("The 'cursor' option is required");
  if (pipeline === undefined) throw failedToParse("The 'pipeline' option is required");
  checkFields(cursor, ['batchSize'], 'aggregate.cursor');
  const join: Join = (name, query) =>
    select(context, `${database}.${name}`, compileFilter(query)).steps;
  const [first, ...others] = pipeline;
  const system = first && systemSource(context, first, namespace);
  if (isWhole && system === undefined) {
    buildPipeline(pipeline, join);
    throw new MongoFault(73, 'This pipeline needs a collection to read from');
  }
  const steps = system
    ? chain(buildPipeline(others, join), system)
    : sortedSource(context, namespace, pipeline, join);
  return open(context, namespace, steps, numberField(cursor, 'batchSize'));
}

/** Runs through a pipeline and counts its documents. */
export function* countSteps(steps: Steps): Generator<void, number, boolean> {
  let count = 0;
  for (const document of steps) {
    if (document !== undefined) count += 1;
    yield;
  }
  return count;
}

/** How many documents a collection has, which is what `estimatedDocumentCount` asks for. */
export async function count(context: CommandContext): Promise<Reply> {
  const { steps } = select(context, namespaceOf(context), compileFilter(toDocument({})));
  return { n: int32(await context.clock.run(countSteps(steps))), ok: 1 };
}

export async function getMore(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const id = body.at('getMore');
  if (id.type !== BsonType.int64) throw new MongoFault(14, "'getMore' must be of type long");
  const namespace = `${database}.${textField(body, 'collection') ?? ''}`;
  const batchSize = numberField(body, 'batchSize') || Infinity;
  return context.cursors.getMore(bigintOf(id), namespace, batchSize);
}

export function killCursors({ command, cursors }: CommandContext): Reply {
  const list = arrayField(command.body, 'cursors') ?? [];
  const killed = list.filter((id) => id.type === BsonType.int64 && cursors.kill(bigintOf(id)));
  return {
    cursorsKilled: killed,
    cursorsNotFound: list.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
}
