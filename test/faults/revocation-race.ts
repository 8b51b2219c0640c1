import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client, IssuedKey } from '../support/client.js';
import type { Random } from '../support/random.js';
import type { Operation } from './revocation-history.js';

const WORKERS = 48;
const AFTER_A_FAULT_MS = 200;

interface Entrants {
  readonly clients: readonly Client[];
  readonly session: Readonly<Record<string, string>>;
  readonly keys: readonly IssuedKey[];
  /** How many operations there are to be. */
  readonly count: number;
  readonly random: Random;
}

/** Many clients that use keys while these are revoked one after the other, most around each key's end. */
export class RevocationRace {
  readonly history: Operation[] = [];
  /** How many operations got no answer, or one that says that nobody knows. */
  unanswered = 0;
  private begun = 0;
  private hasEnded = false;

  constructor(private readonly entrants: Entrants) {}

  async run(): Promise<void> {
    const workers = Array.from({ length: WORKERS }, (_, worker) => this.work(worker));
    await Promise.all(workers).finally(() => {
      this.hasEnded = true;
    });
  }

  /** Resolves once so many operations have begun, or all have ended. */
  async reached(operations: number): Promise<void> {
    while (this.begun < operations && !this.hasEnded) await pause(5);
  }

  private async work(worker: number): Promise<void> {
    const { clients, keys, count, random } = this.entrants;
    const revokeEvery = Math.floor(count / keys.length);
    while (this.begun < count) {
      const turn = (this.begun += 1);
      const client = clients[(turn + worker) % clients.length] as Client;
      const current = Math.min(Math.floor(turn / revokeEvery), keys.length - 1);
      const near = current + Math.floor(random() * 5) - 3;
      if (turn % revokeEvery === 0) await this.revoke(client, keys[current] as IssuedKey);
      else await this.use(client, keys[Math.max(0, Math.min(keys.length - 1, near))] as IssuedKey);
    }
  }

  private async revoke(client: Client, { apiKeyId }: IssuedKey): Promise<void> {
    const answer = await this.answerOf(client.revoke(this.entrants.session, apiKeyId));
    const acknowledgedAt = performance.now();
    if (answer?.status === 200)
      this.history.push({ kind: 'revocation', keyId: apiKeyId, acknowledgedAt });
  }

  private async use(client: Client, { apiKey, apiKeyId }: IssuedKey): Promise<void> {
    const startedAt = performance.now();
    const answer = await this.answerOf(client.use(apiKey));
    if (answer === undefined) return;
    const accepted = answer.status === 200;
    this.history.push({ kind: 'use', keyId: apiKeyId, startedAt, accepted });
  }

  /** Nothing that a killed process leaves unsaid counts for or against anybody. */
  private async answerOf(asking: Promise<Answer>): Promise<Answer | undefined> {
    const answer = await asking.catch(() => undefined);
    if (answer !== undefined && answer.status !== 503) return answer;
    this.unanswered += 1;
    await pause(AFTER_A_FAULT_MS);
    return undefined;
  }
}
