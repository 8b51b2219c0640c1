// Generated from openapi.json by `npm run openapi`; do not edit.

export interface components {
  schemas: {
    readonly CreateKeyBody: {
      /** @example Production Key */
      readonly name: string;
    };
    readonly CreatedKey: {
      /** @example key_2qLwH0bT9xKc4VnRz7YfPs */
      readonly apiKeyId: string;
      /** @description The whole key. It is shown here and never again. */
      readonly apiKey: string;
      /** @example axk_1234 */
      readonly keyPrefix: string;
      /** @example Production Key */
      readonly name: string;
      /** Format: date-time */
      readonly createdAt: string;
      readonly warning: string;
    };
    readonly ListedKey: {
      /** @example key_2qLwH0bT9xKc4VnRz7YfPs */
      readonly id: string;
      /** @example Production Key */
      readonly name: string;
      /** @example axk_1234 */
      readonly keyPrefix: string;
      /** @enum {string} */
      readonly status: 'Active' | 'Revoked';
      /** Format: date-time */
      readonly createdAt: string;
      /** @example ada@example.com */
      readonly createdBy: string;
      /** Format: date-time */
      readonly lastUsedAt: string | null;
      /** Format: date-time */
      readonly revokedAt: string | null;
      /** @example ada@example.com */
      readonly revokedBy: string | null;
    };
    readonly KeyList: {
      readonly keys: readonly components['schemas']['ListedKey'][];
      /** @description How many keys of the account are active, whatever the filters. */
      readonly activeCount: number;
      readonly nextCursor: string | null;
    };
    readonly KeyLookUp: {
      /**
       * @description The SHA-256 of the whole key, as 64 hexadecimal digits in lower case.
       * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       */
      readonly secretHash: string;
    };
    readonly RevokeKeyBody: {
      /** @example Leaked in a build log */
      readonly reason?: string;
    };
    readonly RevokedKey: {
      /** @example true */
      readonly success: boolean;
      readonly apiKeyId: string;
      /** Format: date-time */
      readonly revokedAt: string;
    };
    readonly UsageBucket: {
      /**
       * Format: date-time
       * @description The beginning of the hour or day, UTC.
       */
      readonly start: string;
      readonly apiKeyId: string;
      readonly count: number;
    };
    readonly OtherUses: {
      /**
       * Format: date-time
       * @description The beginning of the hour or day, UTC.
       */
      readonly start: string;
      readonly count: number;
    };
    readonly UsageSeriesAnswer: {
      /**
       * Format: date-time
       * @description Uses from here on are counted: the beginning of the hour or day (UTC) that the `from` of the query is in.
       */
      readonly from: string;
      /**
       * Format: date-time
       * @description Uses before are counted: the end of the last hour or day, UTC.
       */
      readonly to: string;
      /** @description Oldest first; buckets without uses are left out. */
      readonly buckets: readonly components['schemas']['UsageBucket'][];
      /** @description With `top` only: the uses of all other keys together, oldest first. */
      readonly others?: readonly components['schemas']['OtherUses'][];
    };
    readonly Use: {
      /** Format: uuid */
      readonly id: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** @example GET */
      readonly method: string;
      /**
       * @description The path without its query string.
       * @example /v1/me
       */
      readonly endpoint: string;
      readonly apiKeyId: string;
      readonly apiKeyName: string;
      /** @example axk_1234 */
      readonly apiKeyPrefix: string;
      readonly ip: string | null;
      readonly userAgent: string | null;
      readonly requestId: string;
    };
    readonly UsageList: {
      readonly events: readonly components['schemas']['Use'][];
      readonly nextCursor: string | null;
    };
    readonly TransactionList: {
      readonly transactions: readonly components['schemas']['Use'][];
      readonly nextCursor: string | null;
    };
    readonly EntryActor: {
      /** @enum {string} */
      readonly type: 'user' | 'apiKey' | 'anonymous' | 'system';
      readonly id: string;
      /** @example ada@example.com */
      readonly label: string;
    };
    readonly Entry: {
      /** Format: uuid */
      readonly id: string;
      /**
       * @description The place in the one order of the log.
       * @example 184467
       */
      readonly position: string;
      /** @example KeyCreated */
      readonly type: string;
      /** Format: date-time */
      readonly at: string;
      readonly apiKeyId: string | null;
      readonly apiKeyName: string | null;
      readonly apiKeyPrefix: string | null;
      readonly actor: components['schemas']['EntryActor'];
      readonly ip: string | null;
      readonly userAgent: string | null;
      readonly requestId: string;
      readonly details: {
        readonly [key: string]: unknown;
      };
    };
    readonly AuditPage: {
      readonly entries: readonly components['schemas']['Entry'][];
      readonly nextCursor: string | null;
    };
    readonly FeedEvent: {
      /** @example 1.0 */
      readonly specversion: string;
      /**
       * Format: uuid
       * @description The same for each delivery of the event.
       */
      readonly id: string;
      /** @example urn:keytrail:account:acc_5hZt0QmXv2RkW8yLc1NbDs */
      readonly source: string;
      /** @example keytrail.key.revoked.v1 */
      readonly type: string;
      /**
       * @description What it is about.
       * @example key_2qLwH0bT9xKc4VnRz7YfPs
       */
      readonly subject: string;
      /** Format: date-time */
      readonly time: string;
      /** @example application/json */
      readonly datacontenttype: string;
      /** @description The position, zero-padded: it sorts as the log does. */
      readonly sequence: string;
      readonly data: {
        readonly [key: string]: unknown;
      };
    };
    readonly EventsPage: {
      readonly events: readonly components['schemas']['FeedEvent'][];
      /**
       * @description The `from` of the next page. There is no event before it that was not handed out.
       * @example 184467
       */
      readonly nextPosition: string;
    };
    readonly VerifiedRequest: {
      /** @example GET */
      readonly method: string;
      /**
       * @description A query string is left out of the record.
       * @example /orders/17
       */
      readonly path: string;
      /**
       * @description Also with a port, as some proxies write it; the record leaves it out.
       * @example 192.0.2.7
       */
      readonly ip?: string | null;
      readonly userAgent?: string | null;
    };
    readonly VerifyKeyBody: {
      /** @description The key that came with the request. */
      readonly apiKey: string;
      readonly request: components['schemas']['VerifiedRequest'];
    };
    readonly VerifiedKey: {
      /** @description Whether the request may go on. Its use is recorded then. */
      readonly active: boolean;
      /**
       * @description Why not; null for an active key.
       * @enum {string|null}
       */
      readonly code: 'malformed_key' | 'unknown_key' | 'revoked_key' | null;
      readonly apiKeyId: string | null;
      readonly accountId: string | null;
      /** @example Production Key */
      readonly name: string | null;
      /**
       * @description Whoever has read the log up to here has read of this use.
       * @example 184467
       */
      readonly position: string | null;
    };
    readonly LiveAnswer: {
      /** @enum {string} */
      readonly status: 'live';
    };
    readonly ReadyAnswer: {
      /** @enum {string} */
      readonly status: 'ready' | 'unavailable';
      /** @enum {string} */
      readonly eventLog: 'up' | 'down';
      /** @enum {string} */
      readonly readModels: 'up' | 'down';
      /**
       * @description Down while the lists lag; that alone is still ready, unless they have stood still for 30 seconds.
       * @enum {string}
       */
      readonly projector: 'up' | 'down';
      /** @description How many events are missing from the lists, as they could not be applied, once for each list that misses one; null while the read models do not answer. */
      readonly unappliedEvents: number | null;
      /** @description What is wrong and what to do about it, a sentence each; none while all is well. */
      readonly reasons: readonly string[];
    };
    readonly NamedAccount: {
      /** @example acc_5hZt0QmXv2RkW8yLc1NbDs */
      readonly id: string;
      /** @example Ada Lovelace */
      readonly name: string;
    };
    readonly CallingPerson: {
      readonly id: string;
      /** Format: email */
      readonly email: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
    };
    readonly ListedAccount: {
      /** @example acc_5hZt0QmXv2RkW8yLc1NbDs */
      readonly id: string;
      /** @example Ada Lovelace */
      readonly name: string;
      /**
       * @description The person's role in it.
       * @enum {string}
       */
      readonly role: 'owner' | 'reviewer';
    };
    readonly Session: {
      /** @description The account that is named, or the one that the person was last in. */
      readonly account: components['schemas']['NamedAccount'];
      readonly user: components['schemas']['CallingPerson'];
      /** @description Every account that the person is in. */
      readonly accounts: readonly components['schemas']['ListedAccount'][];
    };
    readonly CurrentSession: {
      /** @description `null` when nobody is signed in. */
      readonly session: components['schemas']['Session'] | null;
      /**
       * @description What every key begins with, before its underscore.
       * @example axk
       */
      readonly keyPrefixWord: string;
    };
    readonly CallingKey: {
      readonly id: string;
      readonly name: string;
      /** @example axk_1234 */
      readonly keyPrefix: string;
    };
    readonly WhoAmIAnswer: {
      readonly account: components['schemas']['NamedAccount'];
      /** @description With a bearer key. */
      readonly apiKey?: components['schemas']['CallingKey'];
      /** @description With a session. */
      readonly user?: components['schemas']['CallingPerson'];
    };
    readonly AccountList: {
      readonly accounts: readonly components['schemas']['ListedAccount'][];
    };
    readonly ListedMember: {
      readonly userId: string;
      /** Format: email */
      readonly email: string;
      /** @example Ada Lovelace */
      readonly name: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
      /** Format: date-time */
      readonly joinedAt: string;
    };
    readonly ListedInvitation: {
      /** @example inv_8sKd0QmXv2RkW8yLc1NbDs */
      readonly id: string;
      /** Format: email */
      readonly email: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
      /** Format: date-time */
      readonly invitedAt: string;
      /** @example ada@example.com */
      readonly invitedBy: string;
      /** Format: date-time */
      readonly expiresAt: string;
    };
    readonly MemberList: {
      readonly members: readonly components['schemas']['ListedMember'][];
      /** @description Those that can still be accepted. */
      readonly invitations: readonly components['schemas']['ListedInvitation'][];
    };
    readonly InviteMemberBody: {
      /**
       * Format: email
       * @example ben@example.com
       */
      readonly email: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
    };
    readonly SentInvitation: {
      /** @example inv_8sKd0QmXv2RkW8yLc1NbDs */
      readonly invitationId: string;
      /** Format: email */
      readonly email: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
      /** @description The link to hand over. It is shown here and never again. */
      readonly url: string;
      /** Format: date-time */
      readonly expiresAt: string;
      /** @description Whether a mail server has accepted the link for the address. */
      readonly mailSent: boolean;
    };
    readonly WithdrawnInvitation: {
      /** @example true */
      readonly success: boolean;
      readonly invitationId: string;
    };
    readonly InvitationTokenBody: {
      /** @description What stands after the # of the invitation's link. */
      readonly token: string;
    };
    readonly InvitationPreview: {
      /** @example Ada Lovelace */
      readonly accountName: string;
      /**
       * Format: email
       * @description The address that was invited.
       */
      readonly email: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
    };
    readonly JoinedAccount: {
      /** @example acc_5hZt0QmXv2RkW8yLc1NbDs */
      readonly accountId: string;
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
    };
    readonly ChangeRoleBody: {
      /** @enum {string} */
      readonly role: 'owner' | 'reviewer';
    };
    readonly MadeKey: {
      /** @example key_2qLwH0bT9xKc4VnRz7YfPs */
      readonly id: string;
      /** @example Production Key */
      readonly name: string;
      /** @example axk_1234 */
      readonly keyPrefix: string;
    };
    readonly RemovedMember: {
      /** @example true */
      readonly success: boolean;
      readonly userId: string;
      /** @description The keys that the person made and that are still active, the newest 100: whoever has one of them can still read. null when the list of keys does not answer or has not caught up: the person is removed, and GET /v1/api-keys?createdBy= tells later. */
      readonly activeKeys: readonly components['schemas']['MadeKey'][] | null;
    };
    readonly FieldError: {
      /** @description A field of the body or the query, or a header. */
      readonly field: string;
      /** @description What is wrong with it. */
      readonly message: string;
    };
    /** @description Why a request was refused or failed (RFC 9457). */
    readonly Problem: {
      /**
       * Format: uri
       * @description Says the same as `code`.
       */
      readonly type: string;
      /** @description The name of the status. */
      readonly title: string;
      readonly status: number;
      /** @description What happened and what to do about it. */
      readonly detail: string;
      /** @description The path of the request; left out when it could not be read. */
      readonly instance?: string;
      /** @description By which programs tell problems apart. There may be more of them in time. */
      readonly code: string;
      /**
       * Format: uuid
       * @description As in the header `X-Request-Id`, the audit trail and the operator's logs.
       */
      readonly requestId: string;
      /** @description For bad input: what is wrong with it. */
      readonly errors?: readonly components['schemas']['FieldError'][];
    };
    readonly SignedInUser: {
      readonly id: string;
      /** @example Ada Lovelace */
      readonly name: string;
      /**
       * Format: email
       * @example ada@example.com
       */
      readonly email: string;
      /** @description The account that the sign-up opened. */
      readonly accountId: string;
    };
    readonly SignInAnswer: {
      readonly user: components['schemas']['SignedInUser'];
    };
    readonly SessionAnswer: {
      readonly session: {
        /** Format: date-time */
        readonly expiresAt: string;
      };
      readonly user: components['schemas']['SignedInUser'];
    } | null;
  };
  responses: {
    /** @description Bad Request: `invalid_request` */
    readonly InvalidRequest: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Unauthorized: `missing_credentials`, `malformed_authorization`, `malformed_key`, `unknown_key`, `revoked_key`, `wrong_account` */
    readonly Unauthorized: {
      headers: {
        /** @description The challenge of RFC 6750; of credentials that came, with the `code`. */
        readonly 'WWW-Authenticate'?: string;
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Request Timeout: `request_timeout` */
    readonly RequestTimeout: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Payload Too Large: `body_too_large` */
    readonly BodyTooLarge: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Unsupported Media Type: `unsupported_media_type` */
    readonly UnsupportedMediaType: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Too Many Requests: `rate_limited` */
    readonly TooManyRequests: {
      headers: {
        /** @description Seconds until it is worth another attempt. */
        readonly 'Retry-After'?: number;
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Request Header Fields Too Large: `headers_too_large` */
    readonly HeadersTooLarge: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Internal Server Error: `internal_error` */
    readonly InternalError: {
      headers: {
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Service Unavailable: `event_log_unavailable`, `event_log_mismatch`, `read_model_unavailable`, `read_model_behind`, `read_too_long`, `overloaded` */
    readonly Unavailable: {
      headers: {
        /** @description Seconds until it is worth another attempt. */
        readonly 'Retry-After'?: number;
        readonly [name: string]: unknown;
      };
      content: {
        readonly 'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
