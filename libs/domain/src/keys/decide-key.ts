import type { KeyEvent } from './key-events.js';

export interface CreateKey {
  readonly type: 'CreateKey';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    readonly name: string;
    readonly keyPrefix: string;
    readonly secretHash: string;
  };
}

export interface RevokeKey {
  readonly type: 'RevokeKey';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    readonly reason: string | null;
  };
}

export type KeyCommand = CreateKey | RevokeKey;

interface IssuedKey {
  readonly accountId: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly secretHash: string;
}

export type KeyState =
  | { readonly status: 'NotExisting' }
  | ({ readonly status: 'Active' } & IssuedKey)
  | ({ readonly status: 'Revoked' } & IssuedKey);

export const initialKeyState: KeyState = { status: 'NotExisting' };

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

/** Folds one event into the state; events it does not know leave the state as it is. */
export function evolveKey(state: KeyState, event: KeyEvent): KeyState {
  switch (event.type) {
    case 'KeyCreated': {
      const { accountId, name, keyPrefix, secretHash } = event.data;
      return { status: 'Active', accountId, name, keyPrefix, secretHash };
    }
    case 'KeyRevoked':
      return state.status === 'NotExisting' ? state : { ...state, status: 'Revoked' };
    default:
      return state;
  }
}
