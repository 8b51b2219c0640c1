import type { Happened } from '../common/happened.js';
import type { KeyEvent } from './key-events.js';

interface Issued {
  readonly accountId: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly secretHash: string;
  /** ISO 8601, UTC, milliseconds; so are all times. */
  readonly createdAt: string;
}

export type KeyState =
  | { readonly status: 'NotExisting' }
  | ({ readonly status: 'Active' } & Issued)
  | ({ readonly status: 'Revoked'; readonly revokedAt: string } & Issued);

export const initialKeyState: KeyState = { status: 'NotExisting' };

/** Folds one event into the state; events it does not know leave the state as it is. */
function evolveKey(state: KeyState, event: Happened<KeyEvent>): KeyState {
  const { occurredAt } = event.context;
  switch (event.type) {
    case 'KeyCreated': {
      const { accountId, name, keyPrefix, secretHash } = event.data;
      const issued = { accountId, name, keyPrefix, secretHash, createdAt: occurredAt };
      return { status: 'Active', ...issued };
    }
    case 'KeyRevoked':
      return state.status === 'Active'
        ? { ...state, status: 'Revoked', revokedAt: occurredAt }
        : state;
    default:
      return state;
  }
}

/** The state after further events. */
export const foldKey = (state: KeyState, events: readonly Happened<KeyEvent>[]): KeyState =>
  events.reduce(evolveKey, state);
