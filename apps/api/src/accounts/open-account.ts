import type { EventLog } from '@keytrail/event-store';
import { uniqueId } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import type { NewPerson } from '../sign-in/auth.js';
import { contextOf } from '../sign-in/trace.js';
import type { Trace } from '../sign-in/trace.js';
import { changeAccount } from './change-account.js';

/** Opens the account of a person who just signed up; doing it again changes nothing. */
export async function openAccount(
  log: EventLog,
  models: ReadModels,
  { accountId, userId, email, name }: NewPerson,
  trace: Trace,
): Promise<void> {
  const data = { accountId, name, owner: { userId, email, name } };
  const context = contextOf(trace, { type: 'user', id: userId, label: email });
  await changeAccount(
    log,
    models,
    { type: 'OpenAccount', data },
    { commandId: uniqueId(), context },
  );
}
