import { readLimit } from '../common/read-limit.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { AccountDocument } from './accounts.projection.js';

export interface Account {
  readonly id: string;
  readonly name: string;
  /** How many of its keys are active. */
  readonly activeCount: number;
}

/** An account, or `null` when it has not been opened. */
export async function findAccount(view: ReadView, accountId: string): Promise<Account | null> {
  const found = await view
    .collection<AccountDocument>('accounts')
    .findOne({ _id: accountId }, readLimit);
  return found?.name === undefined
    ? null
    : { id: found._id, name: found.name, activeCount: found.activeCount ?? 0 };
}
