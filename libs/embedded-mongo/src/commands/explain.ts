import type { Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { failedToParse, notImplemented } from '../errors.js';
import type { Plan } from '../plan/planner.js';
import type { CommandContext } from './context.js';
import { prepareAggregate, prepareFind, type Prepared } from './query.js';

function scanStage(plan: Plan): Document {
  const direction = plan.reverse ? 'backward' : 'forward';
  if (plan.index === undefined && !plan.bounded) return { stage: 'COLLSCAN', direction };
  const index = plan.index;
  const scan = {
    stage: 'IXSCAN',
    indexName: index?.name ?? '_id_',
    keyPattern: index?.key ?? { _id: 1 },
    isMultiKey: index?.multikey ?? false,
    isUnique: index?.unique ?? true,
    isSparse: index?.sparse ?? false,
    isPartial: index?.partialExpression !== undefined,
    direction,
    ranges: plan.ranges.length,
  };
  return { stage: 'FETCH', inputStage: scan };
}

function winningPlan(plan: Plan | undefined): Document {
  if (plan === undefined) return { stage: 'EOF' };
  const scan = scanStage(plan);
  return plan.sorted ? scan : { stage: 'SORT', inputStage: scan };
}

function prepare(context: CommandContext, inner: Document): Prepared {
  const [name] = Object.keys(inner);
  const target: unknown = name === undefined ? undefined : inner[name];
  if (typeof target !== 'string') throw failedToParse('explain needs a command on a collection');
  const namespace = `${context.command.database}.${target}`;
  switch (name) {
    case 'find':
      return prepareFind(context, inner, namespace);
    case 'aggregate':
      return prepareAggregate(context, inner, namespace);
    case 'count':
      return prepareFind(context, { filter: inner.query as unknown }, namespace);
    default:
      throw notImplemented(`explain of ${name ?? 'nothing'}`);
  }
}

/** Explains a find, aggregate or count: which scan was chosen and, unless told not to, what it read. */
export async function explain(context: CommandContext): Promise<Document> {
  const { body } = context.command;
  if (!isPlainObject(body.explain)) throw failedToParse('explain needs a command');
  const { plan, execution, namespace, filter } = prepare(context, body.explain);
  const reply: Document = {
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: filter,
      winningPlan: winningPlan(plan),
      rejectedPlans: [],
    },
    ok: 1,
  };
  if (body.verbosity === 'queryPlanner') return reply;
  while (!(await execution.take(1_000)).finished);
  const { scan } = execution;
  const isCollectionScan = plan?.index === undefined && plan?.bounded !== true;
  reply.executionStats = {
    executionSuccess: true,
    nReturned: execution.returned,
    totalKeysExamined: isCollectionScan ? 0 : (scan?.keysExamined ?? 0),
    totalDocsExamined: scan?.docsExamined ?? 0,
    executionStages: winningPlan(plan),
  };
  return reply;
}
