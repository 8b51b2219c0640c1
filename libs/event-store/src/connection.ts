import { ErrorType, EventStoreDBClient } from '@eventstore/db-client';
import { withDeadline } from '@keytrail/platform';

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
  return EventStoreDBClient.connectionString(
    KEEP_ALIVE.test(url)
      ? url.replace(KEEP_ALIVE, `$1${own}`)
      : `${url}${url.includes('?') ? '&' : '?'}${own}`,
  );
}

/** The client's own deadline does not cover the time in which it connects or asks for features. */
const SILENCE_MS = 100;

/**
 * One client of the log. The client reconnects by itself when the server says that it is gone, but
 * not when the server falls silent; hence it is replaced after a call that got no answer in time.
 */
export class Connection {
  client: Promise<EventStoreDBClient>;

  constructor(private readonly url: string) {
    this.client = Promise.resolve(openClient(url));
  }

  /** Runs one call, which must answer within the deadline. */
  async call<Result>(
    deadlineMs: number,
    run: (client: EventStoreDBClient, deadlineMs: number) => Promise<Result>,
  ): Promise<Result> {
    const connecting = this.client;
    const client = await connecting;
    try {
      const result = await withDeadline(run(client, deadlineMs), deadlineMs + SILENCE_MS, silence);
      // A client that is given up ends its reads as if they had come to their end.
      if (this.client !== connecting) throw silence();
      return result;
    } catch (error) {
      if (isSilence(error) && this.client === connecting) this.client = this.replace(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    await disposeOf(await this.client);
  }

  /** The new client begins when all streams of the silent one have ended. */
  private async replace(silent: EventStoreDBClient): Promise<EventStoreDBClient> {
    await disposeOf(silent);
    return openClient(this.url);
  }
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

/** By what the client tells its errors apart. */
export const typeOf = (error: unknown): unknown =>
  error instanceof Error && 'type' in error ? error.type : undefined;

const isSilence = (error: unknown): boolean =>
  typeOf(error) === ErrorType.DEADLINE_EXCEEDED || typeOf(error) === ErrorType.TIMEOUT;

const silence = (): Error =>
  Object.assign(new Error('The event log did not answer in time'), { type: ErrorType.TIMEOUT });
