import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { randomOf, runSeed } from '../support/random.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';
import type { Part } from './part.js';
import { findStaleUses } from './revocation-history.js';
import { RevocationRace } from './revocation-race.js';

const operations = Number(process.env['FAULT_OPERATIONS'] ?? '16000');
const APIS = 3;
const KEYS = 400;
const KILLS = 10;
const STOPS = 12;
/** For how long a process stands still, in milliseconds: less than a lease, about as long, and longer. */
const STOPPED_MS = { least: 100, most: 5_000 };

describeWithOwnEventStore(
  `G2 revocation is final and immediate, over ${operations} operations on ${APIS} processes (seed ${runSeed})`,
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

    const begin = async (count: number): Promise<RevocationRace> => {
      const [first] = clients as [Client];
      const session = await first.signUp();
      const keys = await inChunks(KEYS, 20, (index) =>
        patiently(() => (clients[index % APIS] ?? first).createKey(session, `Key number ${index}`)),
      );
      return new RevocationRace({ clients, session, keys, count, random: randomOf(runSeed) });
    };

    it(
      'accepts no use that began after the revocation was acknowledged, by any process',
      async () => {
        const race = await begin(operations);
        await race.run();
        expect(race.history.length).toBeGreaterThan(operations * 0.9);
        expectNoStaleUse(race);
      },
      operations * 20 + 120_000,
    );

    it(
      'accepts none while processes, projector and stores are killed',
      async () => {
        const count = Math.ceil(operations / 4);
        const race = await begin(count);
        const running = race.run();
        const { stores, eventStore, projector, apis } = deployment;
        const victims = [...apis, projector, stores, eventStore];
        for (let kill = 1; kill <= KILLS; kill += 1) {
          await race.reached((kill * count) / (KILLS + 1));
          const victim = victims[kill % victims.length] ?? projector;
          await victim.kill9();
          await victim.start();
        }
        await running;
        expect(race.unanswered).toBeGreaterThan(0);
        expectNoStaleUse(race);
      },
      operations * 20 + KILLS * 20_000 + 120_000,
    );

    it(
      'accepts none while processes are stopped and go on, which cannot know that they were',
      async () => {
        const count = Math.ceil(operations / 4);
        const race = await begin(count);
        const running = race.run();
        const random = randomOf(runSeed);
        for (let stop = 1; stop <= STOPS; stop += 1) {
          await race.reached((stop * count) / (STOPS + 1));
          const { pid } = deployment.apis[stop % APIS] as Part;
          process.kill(pid, 'SIGSTOP');
          await pause(STOPPED_MS.least + random() ** 2 * (STOPPED_MS.most - STOPPED_MS.least));
          process.kill(pid, 'SIGCONT');
        }
        await running;
        expectNoStaleUse(race);
      },
      operations * 20 + STOPS * 20_000 + 120_000,
    );
  },
);

function expectNoStaleUse({ history }: RevocationRace): void {
  const uses = history.filter((operation) => operation.kind === 'use');
  expect(history.length - uses.length).toBeGreaterThan(KEYS / 2);
  expect(uses.some(({ accepted }) => accepted)).toBe(true);
  expect(uses.some(({ accepted }) => !accepted)).toBe(true);
  expect(findStaleUses(history)).toEqual([]);
}

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
