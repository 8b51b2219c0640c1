import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';

const OUTAGES = 2;
const WORKERS = 20;
/**
 * What each worker is told in an outage, on average. The first refusals come as connections break;
 * each later one takes as long as a session may wait for its turn and be looked up (3.6 s), so that together
 * they take longer than the driver of the document store waits for a server (2 s).
 */
const REFUSALS_EACH = 2;

describeWithOwnEventStore('creations while the stores are away for long', () => {
  let deployment: Deployment;
  let client: Client;
  let stopped = false;
  const answers = new Map<number, number>();

  beforeAll(async () => {
    deployment = await deploy({ apis: 1 });
    client = new Client(deployment.urls[0] ?? '');
  });
  afterAll(async () => {
    stopped = true;
    await client.close();
    await deployment.stop();
  });

  it('are answered with 503 until they work again, never with 500', async () => {
    const session = await client.signUp();
    const create = async (): Promise<void> => {
      const body = { name: 'Under an outage' };
      const { status } = await client.request('POST', '/v1/api-keys', { headers: session, body });
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === 503) await pause(50);
    };
    const work = async (): Promise<void> => {
      while (!stopped) await create();
    };
    const workers = Array.from({ length: WORKERS }, work);
    for (let outage = 0; outage < OUTAGES; outage += 1) {
      await further(201, WORKERS);
      await deployment.stores.kill9();
      await further(503, WORKERS * REFUSALS_EACH);
      await deployment.stores.start();
    }
    await further(201, WORKERS);
    stopped = true;
    await Promise.all(workers);
    expect([...answers.keys()].sort()).toEqual([201, 503]);
    expect(deployment.apis.flatMap((api) => api.failures)).toEqual([]);
  }, 60_000);

  /** Resolves once so many more answers have had a status, or the test has ended. */
  async function further(status: number, times: number): Promise<void> {
    const goal = (answers.get(status) ?? 0) + times;
    while (!stopped && (answers.get(status) ?? 0) < goal) await pause(20);
  }
});
