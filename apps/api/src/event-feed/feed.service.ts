import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gauge } from 'prom-client';
import type { Identity } from '../access/permission/identity.js';
import { limits } from '../http/limits.js';
import { Metrics } from '../http/metrics.js';
import { CallerCheck } from '../access/guard/caller-check.js';
import type { FeedItem } from './envelope.js';
import { streamEvents } from './event-stream.js';
import { badPosition, parseFrom, showPosition } from '../events/feed-position.js';
import { FeedReader } from './feed-reader.js';
import { logTypesOf } from '../events/feed-types.js';
import { History } from './history.js';
import { LiveTail } from './live-tail.js';

export interface OpenFeed {
  readonly caller: Identity;
  /** A position as subscribers see it, `start` or `now`. */
  readonly from: string;
  /** How a refusal names `from`. */
  readonly fromField: string;
  readonly types: string | undefined;
}

/** The feed of an account, as pages and as a stream. */
@Injectable()
export class FeedService implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();
  private readonly subscribers: Gauge;

  constructor(
    private readonly tail: LiveTail,
    private readonly history: History,
    private readonly callers: CallerCheck,
    metrics: Metrics,
  ) {
    this.subscribers = new Gauge({
      name: 'keytrail_feed_subscribers',
      help: 'Subscribers connected to the event feed.',
      registers: [metrics.registry],
    });
  }

  /**
   * The next page as JSON: at once when there is an event, else as soon as the first one happens. That
   * somebody read the feed is handed out, but nobody is answered for it: readers who wait would wake
   * themselves and each other for ever. Whoever loses the right to read meanwhile gets nothing that happens later.
   *
   * @throws Problem 400, 401 or 403; what the stores throw when they do not answer
   */
  async page(
    feed: OpenFeed,
    request: FastifyRequest,
    reply: FastifyReply,
    { limit, waitMs }: { readonly limit: number; readonly waitMs: number },
  ): Promise<string> {
    const closing = this.closingWith(reply);
    try {
      const reader = await this.reader(feed, closing.signal);
      try {
        const items = await reader.next({ limit, size: limits.pageSize }, waitMs, isNews);
        // What came before the event that takes the right away may be handed out, and nothing else does.
        const refusal = reader.isOver ? null : await this.callers.refusal(request, feed.caller);
        if (refusal) throw refusal;
        const nextPosition = JSON.stringify(showPosition(reader.position));
        return `{"events":[${items.map(({ json }) => json).join(',')}],"nextPosition":${nextPosition}}`;
      } finally {
        reader.close();
      }
    } finally {
      this.open.delete(closing);
    }
  }

  /** Answers with server-sent events until one of both ends closes. @throws as `page`, before it began */
  async stream(feed: OpenFeed, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { caller } = feed;
    const closing = this.closingWith(reply);
    const { signal } = closing;
    try {
      const reader = await this.reader(feed, signal);
      this.subscribers.inc();
      beginStream(reply);
      try {
        await streamEvents({
          reader,
          out: reply.raw,
          signal,
          mayStillRead: () => this.callers.mayStillRead(request, caller),
        });
      } catch (err) {
        // The reader comes back and resumes where it was; the reason is for the operator.
        if (!signal.aborted) request.log.warn({ err, requestId: request.id }, 'feed interrupted');
      } finally {
        this.subscribers.dec();
        reader.close();
        reply.raw.end();
      }
    } finally {
      this.open.delete(closing);
    }
  }

  async onModuleDestroy(): Promise<void> {
    for (const closing of this.open) closing.abort();
    await this.tail.stop();
  }

  private async reader(
    { caller, from, fromField, types }: OpenFeed,
    signal: AbortSignal,
  ): Promise<FeedReader> {
    const logTypes = logTypesOf(types);
    const asked = parseFrom(from, fromField);
    const newest = await this.tail.catchUp();
    const after = asked === 'now' ? newest : asked;
    // A log restored from a backup is shorter than what its subscribers have seen; they must be told.
    if (after > newest) throw badPosition(fromField, 'is after the newest event of the log');
    return new FeedReader(this.tail, this.history, {
      accountId: caller.accountId,
      after,
      logTypes,
      signal,
      // A person may have been removed before, and be here again.
      isLast: ({ logType, subject, position }) =>
        position > newest && endings.has(logType) && subject === subjectOf(caller),
    });
  }

  private closingWith(reply: FastifyReply): AbortController {
    const closing = new AbortController();
    this.open.add(closing);
    // Whoever left during authentication has emitted `close` already and emits it no more.
    if (reply.raw.destroyed) closing.abort();
    reply.raw.once('close', () => {
      closing.abort();
    });
    return closing;
  }
}

const isNews = ({ isFeedRead }: FeedItem): boolean => !isFeedRead;

/** Events by which their subject loses the right to read. */
const endings: ReadonlySet<string> = new Set(['KeyRevoked', 'MemberRemoved']);

const subjectOf = (caller: Identity): string =>
  caller.kind === 'key' ? caller.keyId : caller.userId;

/** From here on the answer is written by hand, without the framework's buffering. */
function beginStream(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // A connection kept for later requests would hold up a stop of this process.
    connection: 'close',
    // nginx would collect the stream in its buffers otherwise.
    'x-accel-buffering': 'no',
  });
}
