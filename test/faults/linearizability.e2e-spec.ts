import type { IssuedKey } from '../support/client.js';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';
import { findStaleUses } from './revocation-history.js';
import type { Operation } from './revocation-history.js';

const operations = Number(process.env['FAULT_OPERATIONS'] ?? '100000');
const APIS = 3;
const KEYS = 400;
const WORKERS = 48;

describeWithOwnEventStore(
  `G2 revocation is final and immediate, over ${operations} operations on ${APIS} processes`,
  () => {
    let deployment: Deployment;
    let clients: Client[];

    beforeAll(async () => {
      deployment = await deploy({ apis: APIS });
      clients = deployment.urls.map((url) => new Client(url));
    });

    afterAll(async () => {
      await Promise.all(clients.map((client) => client.close()));
      await deployment.stop();
    });

    it(
      'accepts no use that began after the revocation was acknowledged, by any process',
      async () => {
        const clientOf = (index: number): Client => clients[index % APIS] as Client;
        const session = await clientOf(0).signUp();
        const create = (index: number): Promise<IssuedKey> =>
          patiently(() => clientOf(index).createKey(session, `Key number ${index}`));
        const keys = await inChunks(KEYS, 20, create);
        const history: Operation[] = [];
        let begun = 0;
        const revokeEvery = Math.floor(operations / KEYS);

        const work = async (worker: number): Promise<void> => {
          while (begun < operations) {
            const turn = (begun += 1);
            const client = clientOf(turn + worker);
            // The keys are revoked one after the other, and used most around their end.
            const current = Math.min(Math.floor(turn / revokeEvery), KEYS - 1);
            if (turn % revokeEvery === 0) {
              const key = keys[current] as IssuedKey;
              const { status } = await client.revoke(session, key.apiKeyId);
              const acknowledgedAt = performance.now();
              if (status === 200)
                history.push({ kind: 'revocation', keyId: key.apiKeyId, acknowledgedAt });
            } else {
              const near = Math.max(
                0,
                Math.min(KEYS - 1, current + Math.floor(Math.random() * 5) - 3),
              );
              const key = keys[near] as IssuedKey;
              const startedAt = performance.now();
              const { status } = await client.use(key.apiKey);
              history.push({
                kind: 'use',
                keyId: key.apiKeyId,
                startedAt,
                accepted: status === 200,
              });
            }
          }
        };
        await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));

        const uses = history.filter(({ kind }) => kind === 'use');
        expect(history.length).toBeGreaterThanOrEqual(operations);
        expect(history.length - uses.length).toBeGreaterThan(KEYS / 2);
        expect(uses.some((use) => use.kind === 'use' && !use.accepted)).toBe(true);
        expect(findStaleUses(history)).toEqual([]);
      },
      operations * 20 + 120_000,
    );
  },
);

/** On a busy machine a creation may be refused, its time being up; what is tested comes later. */
async function patiently<Item>(attempt: () => Promise<Item>): Promise<Item> {
  for (let left = 20; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function inChunks<Item>(
  count: number,
  size: number,
  make: (index: number) => Promise<Item>,
): Promise<Item[]> {
  const made: Item[] = [];
  for (let start = 0; start < count; start += size) {
    const length = Math.min(size, count - start);
    made.push(...(await Promise.all(Array.from({ length }, (_, index) => make(start + index)))));
  }
  return made;
}
