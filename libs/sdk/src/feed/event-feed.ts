import { isKeytrailError, KeytrailError } from '../common/keytrail-error.js';
import { unexpectedAnswer } from '../http/problem.js';
import { backOffMs } from '../http/retry.js';
import { pause } from '../http/time-limit.js';
import type { Transport } from '../http/transport.js';
import { invalidArgument } from '../common/settings.js';
import type { CallOptions } from '../common/settings.js';
import type { FeedEvent } from '../common/types.js';
import { isAfter, isPosition } from './position.js';
import { readServerSentEvents } from './server-sent-events.js';
import type { ServerSentEvent } from './server-sent-events.js';

export interface EventFeedOptions extends CallOptions {
  /** The position to go on right after; `start` for the first event, `now` (the default) for new ones. */
  readonly from?: string | undefined;
  /** Types, or beginnings of types with a trailing `*`; all when left out. */
  readonly types?: readonly string[] | undefined;
  /** A connection that is silent for so long counts as dead; 10 seconds by default. */
  readonly silenceMs?: number | undefined;
  /** Told when a connection stands, the first and each later one. */
  readonly onConnect?: (() => void) | undefined;
  /** Told when a connection was lost, before the next one is tried. */
  readonly onReconnect?: ((reason: KeytrailError) => void) | undefined;
  /** Told when the server has proven that no more events come before a position. */
  readonly onHeartbeat?: ((position: string) => void) | undefined;
}

/** The server's heartbeats come three times as often. */
export const SILENCE_MS = 10_000;
const RECONNECT_MS = 1_000;
const LONGEST_RECONNECT_MS = 15_000;

/**
 * The events of the account in the order of the log: each is handed out once, however often the connection
 * breaks. The loop ends when `signal` aborts and throws what no reconnecting can heal, such as a revoked
 * key. A feed that was left can be iterated again and goes on right after the last event handed out.
 */
export class EventFeed implements AsyncIterable<FeedEvent> {
  readonly #transport: Transport;
  readonly #options: EventFeedOptions;
  readonly #signal: AbortSignal;
  #from: string;
  #isOpen = false;
  #hasConnected = false;
  #failures = 0;
  #reconnectMs = RECONNECT_MS;

  /** @throws KeytrailError `invalid_argument` */
  constructor(transport: Transport, options: EventFeedOptions) {
    const { from = 'now', types, signal } = options;
    if (from !== 'now' && from !== 'start' && !isPosition(from))
      throw invalidArgument('from must be a position of the feed, "start" or "now".');
    if (types?.length === 0)
      throw invalidArgument('types must not be empty; leave it out for all types.');
    this.#transport = transport;
    this.#options = options;
    this.#signal = signal ?? new AbortController().signal;
    this.#from = from;
  }

  /**
   * Up to here the caller has had every event it asked for; `undefined` before that is known. Heartbeats
   * move it on while nothing happens.
   */
  get position(): string | undefined {
    return isPosition(this.#from) ? this.#from : undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent, void, undefined> {
    if (this.#isOpen) throw invalidArgument('This feed is being read; open another one.');
    this.#isOpen = true;
    try {
      while (!this.#signal.aborted) {
        const reason = yield* this.#readUntilCut();
        if (reason) await this.#backOff(reason);
      }
    } finally {
      this.#isOpen = false;
    }
  }

  /** Answers with why the connection ended; `undefined` when the caller ended it. */
  async *#readUntilCut(): AsyncGenerator<FeedEvent, KeytrailError | undefined, undefined> {
    try {
      const { types, silenceMs = SILENCE_MS } = this.#options;
      const query = { from: this.#from, types: types?.join(',') };
      const { chunks } = await this.#transport.open(
        { path: '/v1/events', query, accept: 'text/event-stream' },
        { ...this.#options, maxRetries: 0 },
        silenceMs,
      );
      this.#options.onConnect?.();
      for await (const sent of readServerSentEvents(chunks)) {
        this.#noteProgress(sent);
        if (sent.type === 'heartbeat') this.#onHeartbeat(sent);
        else if (sent.type === 'message') yield* this.#once(readEvent(sent));
      }
      return new KeytrailError({ code: 'network_error', detail: 'The stream of events ended.' });
    } catch (error) {
      if (this.#signal.aborted && isKeytrailError(error) && error.code === 'aborted') return;
      if (isKeytrailError(error) && this.#mayResume(error)) return error;
      throw error;
    }
  }

  /** What a server sends again after a cut, or a proxy twice, is dropped. */
  *#once(event: FeedEvent): Generator<FeedEvent, void, undefined> {
    if (this.#isNew(event.position)) {
      this.#from = event.position;
      yield event;
    }
  }

  #isNew(position: string): boolean {
    return !isPosition(this.#from) || isAfter(position, this.#from);
  }

  #onHeartbeat({ lastEventId, data }: ServerSentEvent): void {
    const position = positionIn(data) ?? lastEventId;
    if (!isPosition(position)) return;
    if (this.#isNew(position)) this.#from = position;
    this.#options.onHeartbeat?.(this.#from);
  }

  #noteProgress({ retryMs }: ServerSentEvent): void {
    this.#hasConnected = true;
    this.#failures = 0;
    this.#reconnectMs = retryMs ?? this.#reconnectMs;
  }

  /** The first connection has the retries of any call, so that a wrong address is told of. */
  #mayResume({ code, status }: KeytrailError): boolean {
    const isPassing =
      code === 'network_error' ||
      code === 'timeout' ||
      (status !== undefined && (status === 429 || status >= 500));
    const attempts = this.#hasConnected ? Infinity : this.#transport.maxRetries(this.#options);
    return isPassing && this.#failures < attempts;
  }

  async #backOff(reason: KeytrailError): Promise<void> {
    this.#options.onReconnect?.(reason);
    this.#failures += 1;
    const bounds = { baseMs: this.#reconnectMs, capMs: LONGEST_RECONNECT_MS };
    const delayMs = Math.max(reason.retryAfterMs ?? 0, backOffMs(this.#failures, bounds));
    await pause(delayMs, this.#signal).catch(() => undefined);
  }
}

function readEvent({ data, lastEventId }: ServerSentEvent): FeedEvent {
  const event = parse(data);
  if (!event || !isPosition(lastEventId))
    throw unexpectedAnswer(200, 'An event of the feed cannot be read');
  return { ...(event as Omit<FeedEvent, 'position'>), position: lastEventId };
}

function positionIn(data: string): string | undefined {
  const heartbeat = parse(data);
  return heartbeat && 'position' in heartbeat && typeof heartbeat.position === 'string'
    ? heartbeat.position
    : undefined;
}

function parse(json: string): object | undefined {
  try {
    const value = JSON.parse(json) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
