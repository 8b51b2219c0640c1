import {
  streamNameFilter,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
  type ReadPosition,
} from '@eventstore/db-client';
import { numberedFrom, until, uniqueStream } from './server-under-test.js';

interface Sent {
  readonly kind: 'E' | 'C';
  readonly position: Position;
}

/** What a filtered subscription is sent, with places as ranks in $all behind a mark. */
export class CheckpointLog {
  readonly matching = `${uniqueStream('matching')}-`;
  readonly sent: (Sent | 'caughtUp')[] = [];
  private readonly foreign = uniqueStream('foreign');
  private mark: Position | undefined;
  private subscription: AllStreamSubscription | undefined;

  constructor(private readonly client: EventStoreDBClient) {}

  /** Appends the event whose rank is 0. */
  async begin(): Promise<Position> {
    const { position } = await this.client.appendToStream(this.foreign, numberedFrom(0, 1));
    if (!position) throw new Error('The mark has no position.');
    return (this.mark = position);
  }

  /** One event each that does not match the filter. */
  async addForeign(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await this.client.appendToStream(this.foreign, numberedFrom(n, 1));
    }
  }

  async addMatch(): Promise<void> {
    await this.client.appendToStream(`${this.matching}1`, numberedFrom(0, 1));
  }

  subscribe(
    fromPosition: ReadPosition,
    { window, interval = 1 }: { window?: number; interval?: number } = {},
  ): void {
    const subscription = this.client.subscribeToAll({
      fromPosition,
      filter: streamNameFilter({
        prefixes: [this.matching],
        checkpointInterval: interval,
        ...(window === undefined ? {} : { maxSearchWindow: window }),
        checkpointReached: (_subscription, position) => {
          this.sent.push({ kind: 'C', position });
          return Promise.resolve();
        },
      }),
    });
    subscription.on('caughtUp', () => this.sent.push('caughtUp'));
    subscription.on('data', ({ event }) => {
      if (event) this.sent.push({ kind: 'E', position: event.position });
    });
    this.subscription = subscription;
  }

  async caughtUp(): Promise<void> {
    await until(() => this.sent.includes('caughtUp'));
  }

  /**
   * All that was sent so far, such as `E#1 C#32 caughtUp`. A match is appended and waited for, as what
   * comes before it in the log is decided on by then; it is not shown.
   */
  async shown(): Promise<string> {
    const { position } = await this.client.appendToStream(
      `${this.matching}end`,
      numberedFrom(0, 1),
    );
    const end = position?.commit ?? 0n;
    const hasEnd = (sent: Sent | 'caughtUp') => sent !== 'caughtUp' && sent.position.commit >= end;
    await until(() => this.sent.some(hasEnd));
    const ranks = await this.ranks();
    return this.sent
      .filter((sent) => !hasEnd(sent))
      .map((sent) => (sent === 'caughtUp' ? sent : `${sent.kind}#${ranks(sent.position)}`))
      .join(' ');
  }

  async end(): Promise<void> {
    await this.subscription?.unsubscribe();
  }

  /** The rank of the first event at or behind a position. */
  private async ranks(): Promise<(position: Position) => number> {
    const positions: bigint[] = [];
    const all = this.client.readAll(this.mark ? { fromPosition: this.mark } : {});
    for await (const { event } of all) positions.push(event?.position.commit ?? 0n);
    return ({ commit }) => positions.findIndex((position) => position >= commit);
  }
}
