import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';

/** Longer than the driver of the document store waits for a server. */
const AWAY_MS = 3_000;
const OUTAGES = 2;
const WORKERS = 20;

describe('creations while the stores are away for long', () => {
  let deployment: Deployment;
  let client: Client;
  let stopped = false;
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
    const answers = new Map<number, number>();
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
      await pause(700);
      await deployment.stores.kill9();
      await pause(AWAY_MS);
      await deployment.stores.start();
    }
    const before = answers.get(201) ?? 0;
    while (!stopped && (answers.get(201) ?? 0) < before + WORKERS) await pause(20);
    stopped = true;
    await Promise.all(workers);
    expect([...answers.keys()].sort()).toEqual([201, 503]);
    expect(deployment.apis.flatMap((api) => api.failures)).toEqual([]);
  }, 60_000);
});
