import { setTimeout as pause } from 'node:timers/promises';
import { Client } from './client.js';

const GIVE_UP_AFTER_MS = 50_000;
const POLL_EVERY_MS = 20;

/**
 * Resolves once the lists hold what stands in the log: one that others have used is long, and what a test
 * does then would be in no list in time.
 */
export async function listsHaveCaughtUp(url: string): Promise<void> {
  const client = new Client(url, 1);
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  try {
    for (;;) {
      const { body } = await client.request('GET', '/healthz/ready');
      if (body['projector'] === 'up') return;
      if (performance.now() > giveUpAt) {
        throw new Error(`The lists have not caught up: ${JSON.stringify(body)}`);
      }
      await pause(POLL_EVERY_MS);
    }
  } finally {
    await client.close();
  }
}
