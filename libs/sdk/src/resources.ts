import { readLines } from './http/lines.js';
import { toByteStream } from './http/byte-stream.js';
import { unexpectedAnswer } from './http/problem.js';
import type { Transport } from './http/transport.js';
import { segment } from './http/url.js';
import { iteratePages } from './pages.js';
import type { CallOptions } from './common/settings.js';
import type {
  ApiKey,
  ApiKeyPage,
  ApiKeyQuery,
  AuditEntry,
  AuditExportQuery,
  AuditFilter,
  AuditPage,
  AuditQuery,
  MemberList,
  TransactionPage,
  TransactionQuery,
  UsagePage,
  UsageQuery,
  UsageSeries,
  UsageSeriesQuery,
  Use,
} from './common/types.js';

type All<Item> = AsyncGenerator<Item, void, undefined>;

/** The keys of the account. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page, newest first. @throws KeytrailError */
  list(query: ApiKeyQuery = {}, options?: CallOptions): Promise<ApiKeyPage> {
    return this.#transport.json({ path: '/v1/api-keys', query }, options);
  }

  /** All of them, page by page; `limit` is the size of a page. @throws KeytrailError */
  iterate(query: ApiKeyQuery = {}, options?: CallOptions): All<ApiKey> {
    return iteratePages(
      query.cursor,
      (cursor) => this.list({ ...query, cursor }, options),
      ({ keys }) => keys,
    );
  }

  /** One key by its id. @throws KeytrailError `not_found` for an id that the account does not have */
  get(id: string, options?: CallOptions): Promise<ApiKey> {
    return this.#transport.json({ path: `/v1/api-keys/${segment(id)}` }, options);
  }

  /**
   * The key whose whole text somebody has.
   *
   * @param secretHash its SHA-256, 64 hexadecimal digits in lower case
   * @throws KeytrailError `not_found` when it is no key of the account
   */
  lookUp(secretHash: string, options?: CallOptions): Promise<ApiKey> {
    return this.#transport.json({ path: '/v1/api-keys/lookup', body: { secretHash } }, options);
  }
}

/** The uses of the account's keys. */
export class Usage {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page. @throws KeytrailError */
  list(query: UsageQuery = {}, options?: CallOptions): Promise<UsagePage> {
    return this.#transport.json({ path: '/v1/usage', query }, options);
  }

  /** All of them, page by page; `limit` is the size of a page. @throws KeytrailError */
  iterate(query: UsageQuery = {}, options?: CallOptions): All<Use> {
    return iteratePages(
      query.cursor,
      (cursor) => this.list({ ...query, cursor }, options),
      ({ events }) => events,
    );
  }

  /** How many uses each key had in each hour or day. @throws KeytrailError */
  series(query: UsageSeriesQuery, options?: CallOptions): Promise<UsageSeries> {
    return this.#transport.json({ path: '/v1/usage/series', query }, options);
  }
}

/** The request log: which key made each request. */
export class Transactions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page. @throws KeytrailError */
  list(query: TransactionQuery = {}, options?: CallOptions): Promise<TransactionPage> {
    return this.#transport.json({ path: '/v1/transactions', query }, options);
  }

  /** All of them, page by page; `limit` is the size of a page. @throws KeytrailError */
  iterate(query: TransactionQuery = {}, options?: CallOptions): All<Use> {
    return iteratePages(
      query.cursor,
      (cursor) => this.list({ ...query, cursor }, options),
      ({ transactions }) => transactions,
    );
  }
}

/** The people of the account. */
export class Members {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All of them, and the invitations that can still be accepted. @throws KeytrailError */
  list(options?: CallOptions): Promise<MemberList> {
    return this.#transport.json({ path: '/v1/members' }, options);
  }
}

/** The audit trail, in the order of the log. */
export class Audit {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page. @throws KeytrailError */
  list(query: AuditQuery = {}, options?: CallOptions): Promise<AuditPage> {
    return this.#transport.json({ path: '/v1/audit', query }, options);
  }

  /** All entries, page by page; `limit` is the size of a page. @throws KeytrailError */
  iterate(query: AuditQuery = {}, options?: CallOptions): All<AuditEntry> {
    return iteratePages(
      query.cursor,
      (cursor) => this.list({ ...query, cursor }, options),
      ({ entries }) => entries,
    );
  }

  /**
   * All entries up to now in one call, however many; the export is itself recorded. An export that breaks
   * off throws, so a loop that ends has seen everything.
   *
   * @throws KeytrailError
   */
  async *export(filter: AuditFilter = {}, options?: CallOptions): All<AuditEntry> {
    const call = exportCall({ ...filter, format: 'jsonl' });
    const { chunks } = await this.#transport.open(call, options);
    for await (const line of readLines(chunks)) {
      if (line !== '') yield readEntry(line);
    }
  }

  /** The same as a file, byte for byte as the server sends it. @throws KeytrailError */
  async exportFile(
    query: AuditExportQuery,
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    return toByteStream(await this.#transport.open(exportCall(query), options));
  }
}

const exportCall = (query: AuditExportQuery) => ({
  path: '/v1/audit/export',
  query,
  accept: query.format === 'csv' ? 'text/csv' : 'application/jsonl',
});

function readEntry(line: string): AuditEntry {
  try {
    return JSON.parse(line) as AuditEntry;
  } catch (error) {
    throw unexpectedAnswer(200, 'A line of the export is not JSON', error);
  }
}
