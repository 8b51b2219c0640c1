import { setTimeout as pause } from 'node:timers/promises';
import type { IssuedKey } from '../support/client.js';
import { Client } from '../support/client.js';

/** What the clients were told. Whatever stands here must be in the log exactly once. */
export interface Acknowledged {
  /** Request ids of uses that were let through. */
  readonly uses: string[];
  /** Ids of keys that were created. */
  readonly created: string[];
  readonly revoked: string[];
  /** Answers that no fault excuses, such as a 500. */
  readonly unexpected: string[];
}

const WORKERS = 12;
const KEYS_AT_HAND = 20;
const AFTER_A_FAULT_MS = 20;
const EXCUSED = [401, 404, 409, 503];

type Session = Readonly<Record<string, string>>;

/** Clients that create, use and revoke keys all the time and write down what was acknowledged. */
export class Workload {
  readonly acknowledged: Acknowledged = { uses: [], created: [], revoked: [], unexpected: [] };
  private readonly keys: IssuedKey[] = [];
  private readonly workers: Promise<void>[] = [];
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly clients: readonly Client[],
    private readonly session: Session,
  ) {}

  static async start(urls: readonly string[]): Promise<Workload> {
    const clients = urls.map((url) => new Client(url));
    const [first] = clients;
    if (!first) throw new Error('A workload needs an api');
    const workload = new Workload(clients, await first.signUp());
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
        await this.step(pick(this.clients));
      } catch {
        // The connection broke: nothing was acknowledged, and the outcome is nobody's promise.
        await pause(AFTER_A_FAULT_MS);
      }
    }
  }

  private async step(client: Client): Promise<void> {
    const dice = Math.random();
    if (dice < 0.04 || this.keys.length < KEYS_AT_HAND / 2) await this.create(client);
    else if (dice < 0.07) await this.revoke(client);
    else await this.use(client);
  }

  private async use(client: Client): Promise<void> {
    const { status, headers } = await client.use(pick(this.keys).apiKey);
    if (status === 200) this.acknowledged.uses.push(String(headers['x-request-id']));
    else await this.excuse('use', status);
  }

  private async create(client: Client): Promise<void> {
    const answer = await client.request<IssuedKey>('POST', '/v1/api-keys', {
      headers: this.session,
      body: { name: 'Under load' },
    });
    if (answer.status !== 201) return this.excuse('create', answer.status);
    this.acknowledged.created.push(answer.body.apiKeyId);
    this.keys.push(answer.body);
  }

  private async revoke(client: Client): Promise<void> {
    const key = pick(this.keys);
    const { status } = await client.revoke(this.session, key.apiKeyId);
    if (status !== 200) return this.excuse('revoke', status);
    this.acknowledged.revoked.push(key.apiKeyId);
    const index = this.keys.indexOf(key);
    if (index !== -1) this.keys.splice(index, 1);
  }

  private async excuse(what: string, status: number): Promise<void> {
    if (!EXCUSED.includes(status)) this.acknowledged.unexpected.push(`${what} answered ${status}`);
    if (status === 503) await pause(AFTER_A_FAULT_MS);
  }
}

function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
