import { changeAccount } from '../commands/change-account.js';
import type { Stores } from '../commands/carry-out.js';
import { eventContext, personActor } from '../http/caller-record.js';
import type { NewPerson } from './auth.js';
import type { Trace } from './trace.js';

/** Opens the account of a person who just signed up; doing it again changes nothing. */
export async function openAccount(
  stores: Stores,
  { accountId, userId, email, name }: NewPerson,
  trace: Trace,
): Promise<void> {
  const data = { accountId, name, owner: { userId, email, name } };
  const context = eventContext(trace, personActor({ userId, email }));
  await changeAccount(stores, { type: 'OpenAccount', data }, context);
}
