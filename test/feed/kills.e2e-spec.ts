import { jest } from '@jest/globals';
import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { readLog } from '../support/read-log.js';
import { Follower } from './follower.js';

jest.setTimeout(300_000);

const ROUNDS = 2;
const REQUESTS_BETWEEN = 60;

describeWithOwnEventStore('subscribers of the feed while its parts are killed', () => {
  let deployment: Deployment;
  const clients: Client[] = [];
  const followers: Follower[] = [];
  beforeAll(async () => {
    deployment = await deploy({ apis: 2 });
  });
  afterAll(async () => {
    for (const follower of followers) follower.stop();
    for (const client of clients) await client.close();
    await deployment.stop();
  });

  it('get each event of the account once and in order, and nothing else', async () => {
    const [url = '', otherUrl = ''] = deployment.urls;
    const client = new Client(url);
    const other = new Client(otherUrl);
    clients.push(client, other);
    const session = await client.signUp();
    const { apiKey } = await client.createKey(session, 'Follower');
    const stranger = await client.signUp('Stranger');
    const strangersKey = await client.createKey(stranger, 'Stranger');
    followers.push(
      Follower.start(url, session),
      Follower.start(otherUrl, { authorization: `Bearer ${apiKey}` }),
    );

    const use = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 1) {
        // While something is down some of these are refused, which is not what this is about.
        const attempts = [client.use(apiKey), other.use(apiKey), other.use(strangersKey.apiKey)];
        await Promise.allSettled(attempts);
      }
    };
    const { stores, projector, apis } = deployment;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const victim of [projector, ...apis, stores]) {
        await use(REQUESTS_BETWEEN);
        await victim.kill9();
        await use(3);
        await victim.start();
      }
    }
    await use(REQUESTS_BETWEEN);

    const me = await client.request<{ account: { id: string } }>('GET', '/v1/me', {
      headers: session,
    });
    const accountId = me.body.account.id;
    const idsInLog = async (): Promise<string[]> =>
      (await readLog(deployment.eventStoreUrl))
        .filter(({ data }) => data['accountId'] === accountId)
        .map(({ id }) => id);
    // Connecting is a use too, so the log is read again until nobody has connected meanwhile.
    let expected: string[] = [];
    for (let read = await idsInLog(); read.length > expected.length; read = await idsInLog()) {
      expected = read;
      for (const follower of followers) await follower.reaches(expected.length);
    }
    for (const { received, connections } of followers) {
      const ids = received.map(({ envelope }) => envelope.id);
      expect(ids.slice(0, expected.length)).toEqual(expected);
      expect(connections).toBeGreaterThan(ROUNDS);
    }
  });
});
