import type { KeyCommand, RevokeKey } from './key-commands.js';
import type { KeyEvent } from './key-events.js';
import type { KeyState } from './key-state.js';

/** Why a command was refused; an expected outcome, hence a value and not an exception. */
export type KeyRefusal = 'key_already_created' | 'key_not_found';

export type KeyDecision =
  | { readonly ok: true; readonly events: readonly KeyEvent[] }
  | { readonly ok: false; readonly code: KeyRefusal };

const accept = (...events: KeyEvent[]): KeyDecision => ({ ok: true, events });
const refuse = (code: KeyRefusal): KeyDecision => ({ ok: false, code });

/** Decides what a command does to a key. Revoking a revoked key changes nothing: `[]`. */
export function decideKey(command: KeyCommand, state: KeyState): KeyDecision {
  switch (command.type) {
    case 'CreateKey':
      return state.status === 'NotExisting'
        ? accept({ type: 'KeyCreated', data: command.data })
        : refuse('key_already_created');
    case 'RevokeKey':
      return decideRevocation(command, state);
    default:
      return command satisfies never;
  }
}

function decideRevocation(command: RevokeKey, state: KeyState): KeyDecision {
  // A key of another account answers exactly as one that does not exist.
  if (state.status === 'NotExisting' || state.accountId !== command.data.accountId) {
    return refuse('key_not_found');
  }
  return state.status === 'Revoked' ? accept() : accept({ type: 'KeyRevoked', data: command.data });
}
