import { setTimeout as pause } from 'node:timers/promises';
import { FeedClient } from '../support/feed-client.js';
import type { Received } from '../support/feed-client.js';

const WHOLE_TEST_MS = 600_000;
const BACK_OFF_MS = 100;

/** A program that follows the feed whatever happens to it, as one that must not miss anything does. */
export class Follower {
  private readonly clients: FeedClient[] = [];
  private isStopped = false;

  private constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  static start(baseUrl: string, headers: Readonly<Record<string, string>>): Follower {
    const follower = new Follower(baseUrl, headers);
    void follower.follow();
    return follower;
  }

  get received(): readonly Received[] {
    return this.clients.flatMap((client) => client.received);
  }

  /** How often it connected. */
  get connections(): number {
    return this.clients.reduce((sum, { statuses }) => sum + statuses.length, 0);
  }

  async reaches(count: number): Promise<void> {
    const giveUpAt = performance.now() + 60_000;
    while (this.received.length < count) {
      if (performance.now() > giveUpAt) {
        throw new Error(
          `got ${this.received.length} of ${count} events; its connections were answered with ` +
            this.clients.flatMap(({ statuses }) => statuses).join(' '),
        );
      }
      await pause(20);
    }
  }

  stop(): void {
    this.isStopped = true;
    this.clients.at(-1)?.close();
  }

  private async follow(): Promise<void> {
    while (!this.isStopped) {
      const lastEventId = this.received.at(-1)?.id;
      const client = new FeedClient(this.baseUrl, {
        headers: this.headers,
        query: '?from=start',
        ...(lastEventId !== undefined && { lastEventId }),
      });
      this.clients.push(client);
      // A client of the web's kind gives up on a 503, which it gets while the stores are down.
      await client.until(({ isClosed }) => isClosed, WHOLE_TEST_MS);
      await pause(BACK_OFF_MS);
    }
  }
}
