import { EventFeed } from './feed/event-feed.js';
import type { EventFeedOptions } from './feed/event-feed.js';
import { Transport } from './http/transport.js';
import { Audit, Keys, Members, Transactions, Usage } from './resources.js';
import { readSettings } from './common/settings.js';
import type { CallOptions, KeytrailOptions } from './common/settings.js';
import type { Verification, VerifyInput, WhoAmI } from './common/types.js';

/**
 * A client of one Keytrail, calling with one key of an account. All calls reject with a `KeytrailError`.
 * Calls that only read are repeated after a passing failure; each attempt that reaches the server is a use
 * of the key and recorded as one.
 */
export class Keytrail {
  readonly #transport: Transport;
  readonly keys: Keys;
  readonly usage: Usage;
  readonly transactions: Transactions;
  readonly audit: Audit;
  readonly members: Members;

  /** @throws KeytrailError `missing_api_key`, `malformed_key`, `missing_base_url`, `invalid_argument` */
  constructor(options: KeytrailOptions = {}) {
    this.#transport = new Transport(readSettings(options));
    this.keys = new Keys(this.#transport);
    this.usage = new Usage(this.#transport);
    this.transactions = new Transactions(this.#transport);
    this.audit = new Audit(this.#transport);
    this.members = new Members(this.#transport);
  }

  /** The account and the key that call. @throws KeytrailError */
  me(options?: CallOptions): Promise<WhoAmI> {
    return this.#transport.json({ path: '/v1/me' }, options);
  }

  /**
   * Checks the key that came with a request to another service, and records its use there. A key that may
   * not pass is an answer, `active: false` with its `code`; an error means that nobody knows: refuse then.
   * Repeated only when the attempt before surely recorded nothing, so that one request is one use.
   *
   * @throws KeytrailError
   */
  verify(input: VerifyInput, options?: CallOptions): Promise<Verification> {
    return this.#transport.json({ path: '/v1/verify', body: input }, options);
  }

  /**
   * The live events of the account, from a position on, for ever.
   *
   * @throws KeytrailError `invalid_argument` at once; others while it is read
   */
  events(options: EventFeedOptions = {}): EventFeed {
    return new EventFeed(this.#transport, options);
  }

  /** Without the key. */
  toJSON(): { readonly baseUrl: string } {
    return { baseUrl: this.#transport.baseUrl };
  }

  /** What Node prints of it: as `toJSON`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Keytrail { baseUrl: '${this.#transport.baseUrl}', apiKey: [redacted] }`;
  }
}
