import { notImplemented } from '../bson/errors.js';
import type { Plan } from '../plan/planner.js';
import type { Reply } from '../wire/message.js';
import {
  checkFields,
  COMMON_FIELDS,
  documentField,
  textField,
  type CommandContext,
} from './context.js';
import { countSteps, FIND_FIELDS, prepareFind } from './read.js';

/** In the words of the server: how the documents of a find are reached. */
function winningPlan(plan: Plan | undefined): Readonly<Record<string, unknown>> {
  if (plan === undefined) return { stage: 'EOF' };
  const { index, collection, reverse, bounded, sorted, ranges } = plan;
  const direction = reverse ? 'backward' : 'forward';
  const scanned =
    index === collection.id && !bounded
      ? { stage: 'COLLSCAN', direction }
      : {
          stage: 'FETCH',
          inputStage: {
            stage: 'IXSCAN',
            indexName: index.name,
            keyPattern: index.key,
            isUnique: index.unique,
            isPartial: index.partial !== undefined,
            direction,
            ranges: ranges.length,
          },
        };
  return sorted ? scanned : { stage: 'SORT', inputStage: scanned };
}

/** Explains a find: which scan was chosen and, unless told not to, what it read. */
export async function explain(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const inner = documentField(body, 'explain')?.fields();
  if (inner?.keys().next().value !== 'find') throw notImplemented('explain of anything but a find');
  checkFields(inner, ['find', ...FIND_FIELDS, ...COMMON_FIELDS], 'an explained find');
  const namespace = `${database}.${textField(inner, 'find') ?? ''}`;
  const { plan, steps, filter, examined } = prepareFind(context, inner, namespace);
  const queryPlanner = {
    namespace,
    parsedQuery: filter.query,
    winningPlan: winningPlan(plan),
    rejectedPlans: [],
  };
  const answer = { explainVersion: '1', queryPlanner };
  if (textField(body, 'verbosity') === 'queryPlanner') return { ...answer, ok: 1 };
  const nReturned = await context.clock.run(countSteps(steps));
  const executionStats = {
    executionSuccess: true,
    nReturned,
    totalKeysExamined: plan?.bounded === true ? examined.keys : 0,
    totalDocsExamined: examined.documents,
    executionStages: queryPlanner.winningPlan,
  };
  return { ...answer, executionStats, ok: 1 };
}
