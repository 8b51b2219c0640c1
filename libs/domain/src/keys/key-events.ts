/** Everything that can have happened to one API key. Stream: `apiKey-<keyId>`. */
export type KeyEvent = KeyCreated | KeyRevoked;

export interface KeyCreated {
  readonly type: 'KeyCreated';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    readonly name: string;
    /** The first eight characters of the key, such as `axk_1234`. */
    readonly keyPrefix: string;
    /** SHA-256 of the whole key, 64 hexadecimal digits. */
    readonly secretHash: string;
  };
}

export interface KeyRevoked {
  readonly type: 'KeyRevoked';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    readonly reason: string | null;
  };
}

/** One authenticated request. Stream: `keyUsage-<day>.<process>`, with a single writer. */
export interface KeyUsed {
  readonly type: 'KeyUsed';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    readonly method: string;
    /** The path without its query string. */
    readonly path: string;
  };
}

/** Requests with a known key that was refused, folded per caller and second. Stream: `keyRefusal-<day>.<process>`. */
export interface KeyRefused {
  readonly type: 'KeyRefused';
  readonly data: {
    readonly keyId: string;
    readonly accountId: string;
    /** Why: the key was revoked, or another account was named than the one that it is of. */
    readonly reason: 'revoked_key' | 'wrong_account';
    /** How many attempts this event stands for, at least 1. */
    readonly count: number;
    readonly method: string;
    readonly path: string;
    /** Set on the one event for all callers of a second after the first 20; its context names none of them. */
    readonly manyCallers?: true;
  };
}
