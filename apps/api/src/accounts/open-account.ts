import { decide, evolve, initialAccountState } from '@keytrail/accounts';
import { accountStream, handleCommand } from '@keytrail/event-store';
import type { EventLog } from '@keytrail/event-store';
import { uniqueId } from '@keytrail/platform';
import { writeInline } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import type { NewPerson } from '../sign-in/auth.js';
import { contextOf } from '../sign-in/trace.js';
import type { Trace } from '../sign-in/trace.js';

/** Opens the account of a person who just signed up; doing it again changes nothing. */
export async function openAccount(
  log: EventLog,
  models: ReadModels,
  { accountId, userId, email, name }: NewPerson,
  trace: Trace,
): Promise<void> {
  const data = { accountId, name, owner: { userId, email, name } };
  const { history } = await handleCommand(log, {
    streamName: accountStream(accountId),
    initialState: initialAccountState,
    evolve,
    decide: (state) => decide({ type: 'OpenAccount', data }, state),
    commandId: uniqueId(),
    context: contextOf(trace, { type: 'user', id: userId, label: email }),
  });
  await writeInline(models, history);
}
