import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, IssuedKey } from '../support/client.js';
import { Client } from '../support/client.js';
import type { Random } from '../support/random.js';
import { inexcusable } from './excuses.js';
import type { Operation } from './excuses.js';

/** What the clients were told. Whatever stands here must be in the log exactly once. */
export interface Acknowledged {
  /** Request ids of uses that were let through. */
  readonly uses: string[];
  /** Ids of keys that were created. */
  readonly created: string[];
  readonly revoked: string[];
  /** Answers that no fault excuses, such as a 500 or that an active key is unknown. */
  readonly unexpected: string[];
}

const WORKERS = 12;
const KEYS_AT_HAND = 20;
const AFTER_A_FAULT_MS = 20;

interface KeyAtHand extends IssuedKey {
  revocationTried: boolean;
}

type Session = Readonly<Record<string, string>>;

/** Clients that create, use and revoke keys all the time and write down what was acknowledged. */
export class Workload {
  readonly acknowledged: Acknowledged = { uses: [], created: [], revoked: [], unexpected: [] };
  private readonly keys: KeyAtHand[] = [];
  private readonly workers: Promise<void>[] = [];
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly clients: readonly Client[],
    private readonly session: Session,
    private readonly random: Random,
  ) {}

  static async start(urls: readonly string[], random: Random): Promise<Workload> {
    const clients = urls.map((url) => new Client(url));
    const [first] = clients;
    if (!first) throw new Error('A workload needs an api');
    const workload = new Workload(clients, await first.signUp(), random);
    for (let made = 0; made < KEYS_AT_HAND; made += 1) await workload.create(first);
    for (let worker = 0; worker < WORKERS; worker += 1) workload.workers.push(workload.work());
    return workload;
  }

  get count(): number {
    const { uses, created, revoked } = this.acknowledged;
    return uses.length + created.length + revoked.length;
  }

  /**
   * Resolves once so many more operations have been acknowledged.
   * @throws Error when the workload is stopped before that
   */
  async progress(operations: number): Promise<void> {
    const goal = this.count + operations;
    while (this.count < goal) {
      if (this.stopping) throw new Error('The workload was stopped');
      await pause(5);
    }
  }

  /** Ends all clients; the second call waits for the first. */
  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private async end(): Promise<void> {
    await Promise.all(this.workers);
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.step(this.pick(this.clients));
      } catch {
        // The connection broke: nothing was acknowledged, and the outcome is nobody's promise.
        await pause(AFTER_A_FAULT_MS);
      }
    }
  }

  private async step(client: Client): Promise<void> {
    const dice = this.random();
    if (dice < 0.04 || this.keys.length < KEYS_AT_HAND / 2) await this.create(client);
    else if (dice < 0.07) await this.revoke(client);
    else await this.use(client);
  }

  private async use(client: Client): Promise<void> {
    const key = this.pick(this.keys);
    const answer = await client.use(key.apiKey);
    if (answer.status !== 200) return this.refused('use', answer, key);
    this.acknowledged.uses.push(String(answer.headers['x-request-id']));
  }

  private async create(client: Client): Promise<void> {
    const answer = await client.request<IssuedKey & Answer['body']>('POST', '/v1/api-keys', {
      headers: this.session,
      body: { name: 'Under load' },
    });
    if (answer.status !== 201) return this.refused('create', answer);
    this.acknowledged.created.push(answer.body.apiKeyId);
    this.keys.push({ ...answer.body, revocationTried: false });
  }

  private async revoke(client: Client): Promise<void> {
    const key = this.pick(this.keys);
    key.revocationTried = true;
    const answer = await client.revoke(this.session, key.apiKeyId);
    if (answer.status !== 200) return this.refused('revoke', answer, key);
    this.acknowledged.revoked.push(key.apiKeyId);
    const index = this.keys.indexOf(key);
    if (index !== -1) this.keys.splice(index, 1);
  }

  /** Judges a refusal by what is known of the key now, when the answer is there. */
  private async refused(operation: Operation, answer: Answer, key?: KeyAtHand): Promise<void> {
    const fault = inexcusable(operation, answer, key);
    if (fault !== null) this.acknowledged.unexpected.push(fault);
    if (answer.status === 503) await pause(AFTER_A_FAULT_MS);
  }

  private pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }
}
