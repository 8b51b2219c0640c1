import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IssuedKey } from '../support/client.js';
import { Client } from '../support/client.js';
import { describeOnEmbeddedStores, describeWith } from '../support/describe-with.js';
import { readLog } from '../support/read-log.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';

const SYNCS = 'fsync,fdatasync,msync,sync_file_range';

// Which calls sync, and what a store does when one fails, is each server's own affair.
describeOnEmbeddedStores('on a disk that fails', () => {
  describeWith('strace', 'G4 nothing acknowledged after a failed fsync', tests);
});

function tests(): void {
  let deployment: Deployment;
  let client: Client;
  let session: Readonly<Record<string, string>>;
  let key: IssuedKey;

  beforeAll(async () => {
    deployment = await deploy({ apis: 1 });
    client = new Client(deployment.urls[0] as string);
    session = await client.signUp();
    key = await client.createKey(session, 'On a failing disk');
  });

  afterAll(async () => {
    await client.close();
    await deployment.stop();
  });

  it('stops the stores with one clear line, loses nothing and opens undamaged', async () => {
    const before = await useAtOnce(20);
    const tracer = spawn(
      'strace',
      [
        '-f',
        '-p',
        String(deployment.eventStore.pid),
        '-e',
        `trace=${SYNCS}`,
        '-e',
        `inject=${SYNCS}:error=EIO`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(tracer.stderr, 'data');

    // Both stores are writing when the first fsync fails.
    const [during, created] = await Promise.all([useAtOnce(20), createAtOnce(5)]);
    expect(during).toEqual([]);
    expect(created).toEqual([]);
    expect(await deployment.eventStore.ending()).toBe('SIGKILL');
    expect(deployment.eventStore.output).toContain('could not be written to disk');
    if (tracer.exitCode === null) await once(tracer, 'exit');

    await deployment.eventStore.start();
    const after = await useUntilAccepted();
    const log = await readLog(deployment.eventStoreUrl);
    const uses = log.flatMap(({ type, requestId }) => (type === 'KeyUsed' ? [requestId] : []));
    for (const acknowledged of [...before, after]) {
      expect(uses.filter((id) => id === acknowledged)).toHaveLength(1);
    }
    const list = await client.request('GET', '/v1/api-keys', { headers: session });
    expect(list.status).toBe(200);
  }, 120_000);

  /** Makes so many requests at once and returns the ids of those that were let through. */
  async function useAtOnce(times: number): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: times }, () => client.use(key.apiKey)));
    return answers
      .filter(({ status }) => status === 200)
      .map(({ headers }) => String(headers['x-request-id']));
  }

  /** Issues so many keys at once and returns those that were acknowledged. */
  async function createAtOnce(times: number): Promise<IssuedKey[]> {
    const attempts = Array.from({ length: times }, (_, index) =>
      client.createKey(session, `While the disk fails ${index}`),
    );
    const outcomes = await Promise.allSettled(attempts);
    return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async function useUntilAccepted(): Promise<string> {
    const giveUpAt = performance.now() + 60_000;
    while (performance.now() < giveUpAt) {
      const [accepted] = await useAtOnce(1);
      if (accepted !== undefined) return accepted;
    }
    throw new Error('The api did not recover');
  }
}
