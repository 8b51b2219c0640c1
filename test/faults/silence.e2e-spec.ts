import type { IssuedKey } from '../support/client.js';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { readLog } from '../support/read-log.js';
import { BlackHole } from './black-hole.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';

/** No more than the client has connections, so that none waits for another. */
const ATTEMPTS = 24;

interface Fault {
  readonly begin: () => void;
  readonly end: () => void;
}

/**
 * The log falls silent in three ways: its process is stopped, the network swallows what is sent, or
 * it does so and then passes new connections only. While it is silent nothing may be let through; when it is back all must go on without a restart.
 */
describeWithOwnEventStore('G1 audit before answer, while the log is silent', () => {
  let deployment: Deployment;
  let wire: BlackHole;
  let client: Client;
  let session: Readonly<Record<string, string>>;
  let key: IssuedKey;
  let fault: Fault | undefined;

  beforeAll(async () => {
    deployment = await deploy({ apis: 1, throughBlackHole: true });
    wire = deployment.wire as BlackHole;
    client = new Client(deployment.urls[0] as string);
    session = await client.signUp();
    key = await client.createKey(session, 'Silenced');
  });

  // However a test has ended, nothing stays silent.
  afterEach(() => {
    fault?.end();
  });

  afterAll(async () => {
    await client.close();
    await deployment.stop();
  }, 60_000);

  const faults: [string, () => Fault][] = [
    [
      'its process is frozen',
      () => ({
        begin: () => {
          deployment.eventStore.freeze();
        },
        end: () => {
          deployment.eventStore.thaw();
        },
      }),
    ],
    [
      'its network swallows everything',
      () => ({
        begin: () => {
          wire.swallow();
        },
        end: () => {
          wire.pass();
        },
      }),
    ],
    [
      'its network swallows everything and forgets what was connected',
      () => ({
        begin: () => {
          wire.swallow();
        },
        end: () => {
          wire.passNewOnes();
        },
      }),
    ],
  ];

  it.each(faults)(
    'refuses every request and recovers by itself: %s',
    async (name, make) => {
      await expectAccepted(client, key);
      fault = make();
      fault.begin();
      const begunAt = performance.now();
      // Every answer comes while the log is still silent: nobody waits for its return.
      const answers = await Promise.all(
        Array.from({ length: ATTEMPTS }, () => client.use(key.apiKey)),
      );
      const refusedAfterMs = performance.now() - begunAt;
      const creation = await client.request('POST', '/v1/api-keys', {
        headers: session,
        body: { name: 'Unrecorded' },
      });
      fault.end();
      const endedAt = performance.now();
      expect(answers.map(({ status }) => status)).toEqual(Array(ATTEMPTS).fill(503));
      expect(answers.every(({ headers }) => headers['retry-after'] !== undefined)).toBe(true);
      expect(creation.status).toBe(503);
      await expectAccepted(client, key);
      const recoveredAfterMs = performance.now() - endedAt;
      report(`${name}: refused within ${refusedAfterMs} ms, back after ${recoveredAfterMs} ms`);
    },
    120_000,
  );

  it('has written nothing twice meanwhile', async () => {
    const log = await readLog(deployment.eventStoreUrl);
    const ids = log.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const requests = log.flatMap(({ type, requestId }) => (type === 'KeyUsed' ? [requestId] : []));
    expect(new Set(requests).size).toBe(requests.length);
  }, 60_000);
});

async function expectAccepted(client: Client, key: IssuedKey): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (performance.now() < giveUpAt) {
    const { status } = await client.use(key.apiKey);
    if (status === 200) return;
    expect(status).toBe(503);
  }
  throw new Error('The api did not recover');
}

/** Times are told and never asserted: the machine may be busy with other things. */
const report = (line: string): void => {
  process.stdout.write(`${line.replace(/\.\d+/g, '')}\n`);
};
