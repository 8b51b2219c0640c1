import { convertToCommandError, ErrorType, EventStoreDBClient } from '@eventstore/db-client';
import { withDeadline } from '@keytrail/platform';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { classOf, typeOf } from './client-errors.js';

const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE = /([?&])keepAliveInterval=(\d+)/i;
let opened = 0;

/**
 * A client with a TCP connection of its own. grpc-js gives all channels of a process that have the same
 * target and options one connection, a dead one too; hence each has a keep-alive that differs by some
 * milliseconds from all others'.
 */
export function openClient(url: string): EventStoreDBClient {
  opened = (opened + 1) % 1_000;
  const own = `keepAliveInterval=${Number(KEEP_ALIVE.exec(url)?.[2] ?? KEEP_ALIVE_MS) + opened}`;
  const withOwn = KEEP_ALIVE.test(url)
    ? url.replace(KEEP_ALIVE, `$1${own}`)
    : `${url}${url.includes('?') ? '&' : '?'}${own}`;
  return IPV6_HOST.test(url) ? openIpv6(withOwn) : EventStoreDBClient.connectionString(withOwn);
}

const IPV6_HOST = /^esdb:\/\/(?:[^@/]*@)?\[/;
const EVENT_STORE_PORT = 2113;

/** The client takes an IPv6 address, but reads none in a connection string. */
function openIpv6(url: string): EventStoreDBClient {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const options = new Map(Array.from(searchParams, ([name, value]) => [name.toLowerCase(), value]));
  const authority = options.get('tlscafile');
  return new EventStoreDBClient(
    {
      endpoint: { address: hostname, port: Number(port || EVENT_STORE_PORT) },
      keepAliveInterval: Number(options.get('keepaliveinterval')),
    },
    {
      insecure: options.get('tls') === 'false',
      ...(authority === undefined ? {} : { rootCertificate: readFileSync(authority) }),
    },
    username === ''
      ? undefined
      : { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  );
}

/** A call on one client. It ends what it has begun when the signal is aborted. */
export type Call<Result> = (client: EventStoreDBClient, signal: AbortSignal) => Promise<Result>;

/** How often a call is made again at once after the client has lost its node or found another leader. */
const REPEATS = 3;
/** The client looks for the other node by itself; a moment later it is there. */
const REPEAT_AFTER_MS = 20;
/** How long a healthy connection may take for the smallest of calls. */
const PROBE_MS = 1_000;

/**
 * One client of the log. The client reconnects by itself when the server says that it is gone, but
 * not when the server falls silent; hence it is replaced when it does not answer even the smallest
 * call any more. A single slow call ends alone and disturbs no other.
 */
export class Connection {
  private client: Promise<EventStoreDBClient>;
  private probing = false;

  /** @param probe the smallest of calls, made when another one got no answer in time */
  constructor(
    private readonly url: string,
    private readonly probe: Call<unknown>,
  ) {
    this.client = Promise.resolve(openClient(url));
  }

  /** Runs one read, which must answer within the deadline. */
  async read<Result>(deadlineMs: number, run: Call<Result>): Promise<Result> {
    const giveUpAt = performance.now() + deadlineMs;
    for (let repeat = 1; ; repeat += 1) {
      try {
        return await this.call(giveUpAt - performance.now(), run, (client) => this.examine(client));
      } catch (error) {
        const mayPass = !isSilence(error) && classOf(error) === 'transient';
        if (!mayPass || repeat > REPEATS || performance.now() + REPEAT_AFTER_MS > giveUpAt)
          throw error;
      }
      await pause(REPEAT_AFTER_MS);
    }
  }

  /** Runs one write. When it gets no answer in time, it must not go on: the client is replaced. */
  write<Result>(deadlineMs: number, run: Call<Result>): Promise<Result> {
    return this.call(deadlineMs, run, (client) => this.replace(client));
  }

  private async call<Result>(
    deadlineMs: number,
    run: Call<Result>,
    onSilence: (client: Promise<EventStoreDBClient>) => Promise<void>,
  ): Promise<Result> {
    const connecting = this.client;
    const client = await connecting;
    try {
      const result = await limited(client, deadlineMs, run);
      // A client that is given up ends its reads as if they had come to their end.
      if (this.client !== connecting) throw silence();
      return result;
    } catch (thrown) {
      const error = commandErrorOf(thrown);
      if (isSilence(error)) void onSilence(connecting);
      else if (error !== thrown && !isLost(error)) await this.replace(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    await disposeOf(await this.client);
  }

  private async examine(connecting: Promise<EventStoreDBClient>): Promise<void> {
    if (this.probing || this.client !== connecting) return;
    this.probing = true;
    try {
      await limited(await connecting, PROBE_MS, this.probe);
    } catch (error) {
      if (isSilence(error)) await this.replace(connecting);
    } finally {
      this.probing = false;
    }
  }

  private async replace(connecting: Promise<EventStoreDBClient>): Promise<void> {
    if (this.client === connecting)
      this.client = connecting.then((client) => reopen(client, this.url));
    await this.client;
  }
}

async function limited<Result>(
  client: EventStoreDBClient,
  deadlineMs: number,
  run: Call<Result>,
): Promise<Result> {
  const ending = new AbortController();
  try {
    return await withDeadline(run(client, ending.signal), deadlineMs, silence);
  } catch (error) {
    ending.abort();
    throw error;
  }
}

/** The new client begins when all streams of the silent one have ended. */
async function reopen(silent: EventStoreDBClient, url: string): Promise<EventStoreDBClient> {
  await disposeOf(silent);
  return openClient(url);
}

const DISPOSE_MS = 1_000;

/**
 * Ends all streams of a client and closes its connection, which the client itself leaves open. One that
 * does not even end is given up: others must not wait for it.
 */
export async function disposeOf(client: EventStoreDBClient): Promise<void> {
  await withDeadline(client.dispose(), DISPOSE_MS, silence).catch(() => undefined);
  const channel = await withDeadline(client['getChannel'](), DISPOSE_MS, silence).catch(() => null);
  channel?.close();
}

/**
 * What the client does not tell by its type is the answer to its first question, what the server can do.
 * It is asked once: a client keeps a failure for ever, except where it looks for another node by itself.
 */
const commandErrorOf = (thrown: unknown): unknown =>
  thrown instanceof Error ? convertToCommandError(thrown) : thrown;

const isLost = (error: unknown): boolean =>
  typeOf(error) === ErrorType.UNAVAILABLE || typeOf(error) === ErrorType.CANCELLED;

const isSilence = (error: unknown): boolean =>
  typeOf(error) === ErrorType.DEADLINE_EXCEEDED || typeOf(error) === ErrorType.TIMEOUT;

const silence = (): Error =>
  Object.assign(new Error('The event log did not answer in time'), { type: ErrorType.TIMEOUT });
