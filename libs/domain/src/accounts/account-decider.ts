import { accountStream } from '../common/streams.js';
import type { AccountCommand } from './account-commands.js';
import { foldAccount, initialAccountState } from './account-state.js';
import { decideAccount } from './decide-account.js';

/** All that an account's stream needs to handle a command. */
export const accountDecider = {
  streamOf: ({ data }: AccountCommand) => accountStream(data.accountId),
  initialState: initialAccountState,
  fold: foldAccount,
  decide: decideAccount,
} as const;
