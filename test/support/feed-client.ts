import { EventSource } from 'eventsource';

export interface Envelope {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: string;
  readonly sequence: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Received {
  /** The position, as the stream gave it. */
  readonly id: string;
  readonly envelope: Envelope;
}

export interface FeedClientOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: string;
  /** Sent with the first request, as a client that comes back does. */
  readonly lastEventId?: string;
}

const TIMEOUT_MS = 30_000;

/** A foreign SSE client, as any program might use it, and what it has received. */
export class FeedClient {
  readonly received: Received[] = [];
  readonly heartbeats: string[] = [];
  /** How the connections were answered, one after the other. */
  readonly statuses: number[] = [];
  private readonly source: EventSource;
  private readonly waiting = new Set<() => void>();

  constructor(baseUrl: string, { headers, query = '', lastEventId }: FeedClientOptions) {
    let first = lastEventId;
    this.source = new EventSource(`${baseUrl}/v1/events${query}`, {
      fetch: async (url, init) => {
        const resumed = first === undefined ? {} : { 'Last-Event-ID': first };
        first = undefined;
        const response = await fetch(url, {
          ...init,
          headers: { ...headers, ...resumed, ...(init.headers as Record<string, string>) },
        });
        this.statuses.push(response.status);
        this.notify();
        return response;
      },
    });
    this.source.addEventListener('message', ({ data, lastEventId: id }) => {
      this.received.push({ id, envelope: JSON.parse(String(data)) as Envelope });
      this.notify();
    });
    this.source.addEventListener('heartbeat', ({ data }) => {
      this.heartbeats.push((JSON.parse(String(data)) as { position: string }).position);
      this.notify();
    });
    this.source.addEventListener('error', () => {
      this.notify();
    });
  }

  get isClosed(): boolean {
    return this.source.readyState === EventSource.CLOSED;
  }

  get isOpen(): boolean {
    return this.source.readyState === EventSource.OPEN;
  }

  /** Resolves once a condition holds; looks at it after everything that arrives. */
  async until(condition: (client: this) => boolean, timeoutMs = TIMEOUT_MS): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    while (!condition(this)) {
      const leftMs = giveUpAt - performance.now();
      if (leftMs <= 0) {
        throw new Error(`the feed got no further than ${this.received.length} events`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, leftMs);
        function done(): void {
          clearTimeout(timer);
          resolve();
        }
        this.waiting.add(done);
      });
    }
  }

  close(): void {
    this.source.close();
    this.notify();
  }

  private notify(): void {
    for (const done of this.waiting) done();
    this.waiting.clear();
  }
}
