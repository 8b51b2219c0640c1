import type { KeyCreated, KeyRevoked } from './key-events.js';

/** What can be asked of one key. */
export type KeyCommand = CreateKey | RevokeKey;

export interface CreateKey {
  readonly type: 'CreateKey';
  readonly data: KeyCreated['data'];
}

export interface RevokeKey {
  readonly type: 'RevokeKey';
  readonly data: KeyRevoked['data'];
}
