import { keyStream } from '../common/streams.js';
import { decideKey } from './decide-key.js';
import type { KeyCommand } from './key-commands.js';
import { foldKey, initialKeyState } from './key-state.js';

/** All that a key's stream needs to handle a command. */
export const keyDecider = {
  streamOf: ({ data }: KeyCommand) => keyStream(data.keyId),
  initialState: initialKeyState,
  fold: foldKey,
  decide: decideKey,
} as const;
