import { type Fields, MISSING } from '../bson/raw.js';

import { failedToParse, notImplemented } from '../errors.js';
import type { Plan } from '../plan/planner.js';
import { ID_INDEX } from '../storage/duplicate-key.js';
import type { Reply } from '../wire/message.js';
import { checkFields, COMMON_FIELDS, EXPLAINED } from './fields.js';
import { documentField, textField, type CommandContext } from './context.js';
import { prepareAggregate, prepareFind, type Prepared } from './query.js';

type Described = Readonly<Record<string, unknown>>;

function scanStage(plan: Plan): Described {
  const direction = plan.reverse ? 'backward' : 'forward';
  if (plan.index === undefined && !plan.bounded) return { stage: 'COLLSCAN', direction };
  const index = plan.index;
  const scan = {
    stage: 'IXSCAN',
    indexName: index?.name ?? '_id_',
    keyPattern: index?.key ?? ID_INDEX,
    isMultiKey: index?.multikey ?? false,
    isUnique: index?.unique ?? true,
    isPartial: index?.partialExpression !== undefined,
    direction,
    ranges: plan.ranges.length,
  };
  return { stage: 'FETCH', inputStage: scan };
}

function winningPlan(plan: Plan | undefined): Described {
  if (plan === undefined) return { stage: 'EOF' };
  const scan = scanStage(plan);
  return plan.sorted ? scan : { stage: 'SORT', inputStage: scan };
}

function prepare(context: CommandContext, inner: Fields): Prepared {
  const [[name, value] = ['', MISSING]] = inner;
  const fields = EXPLAINED.get(name);
  if (fields === undefined) throw notImplemented(`an explanation of ${name}`);
  checkFields(inner, [name, ...COMMON_FIELDS, ...fields.split(' ')], `an explained ${name}`);
  if (value.text === undefined) throw failedToParse('explain needs a command on a collection');
  const namespace = `${context.command.database}.${value.text}`;
  const prepareIt = name === 'find' ? prepareFind : prepareAggregate;
  return prepareIt(context, inner, namespace);
}

/** Explains a find or aggregate: which scan was chosen and, unless told not to, what it read. */
export async function explain(context: CommandContext): Promise<Reply> {
  const { body } = context.command;
  const inner = documentField(body, 'explain');
  if (inner === undefined) throw failedToParse('explain needs a command');
  const { plan, execution, namespace, filter } = prepare(context, inner.fields());
  const queryPlanner = {
    namespace,
    parsedQuery: filter,
    winningPlan: winningPlan(plan),
    rejectedPlans: [],
  };
  if (textField(body, 'verbosity') === 'queryPlanner') {
    execution.close();
    return { explainVersion: '1', queryPlanner, ok: 1 };
  }
  while (!(await execution.take(1_000)).finished);
  const scans = [...execution.reader.scans];
  const isCollectionScan = plan?.index === undefined && plan?.bounded !== true;
  const sumOf = (of: 'keysExamined' | 'docsExamined'): number =>
    scans.reduce((total, scan) => total + scan[of], 0);
  const executionStats = {
    executionSuccess: true,
    nReturned: execution.returned,
    totalKeysExamined: isCollectionScan ? 0 : sumOf('keysExamined'),
    totalDocsExamined: sumOf('docsExamined'),
    executionStages: winningPlan(plan),
  };
  return { explainVersion: '1', queryPlanner, executionStats, ok: 1 };
}
