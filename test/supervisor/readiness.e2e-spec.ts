import { jest } from '@jest/globals';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { freePort } from '../support/net/free-port.js';
import { eventStoreOn, testStores } from '../support/stores.js';
import type { TestStores } from '../support/stores.js';
import { isAlive, killAll, Program } from './program.js';

jest.setTimeout(120_000);

const NOT_READY = /^Keytrail is not ready yet: .+/;
const READY = /^Keytrail is ready at /;

let documents: TestStores;
let port: number;

beforeEach(async () => {
  documents = await testStores({ eventStore: false });
  port = await freePort();
});

afterEach(async () => {
  await killAll();
  await documents.stop();
});

const startOn = (eventStoreUrl: string): Program =>
  new Program('supervisor', {
    PORT: '0',
    EVENTSTOREDB_URL: eventStoreUrl,
    MONGODB_URL: documents.mongoUrl,
  });

async function expectStopInOrder(program: Program): Promise<void> {
  expect(await program.stop()).toBe(0);
  expect(program.partPids).toHaveLength(2);
  expect(program.partPids.filter(isAlive)).toEqual([]);
}

describeWithOwnEventStore('npm start on engines', () => {
  it('tells once that the event store is down, and that it is ready when requests are answered', async () => {
    const program = startOn(`esdb://127.0.0.1:${port}?tls=false`);
    await program.line(NOT_READY);
    expect(program.plainLines.filter((line) => READY.test(line))).toEqual([]);

    const eventStore = await eventStoreOn(port);
    const client = new Client(await program.ready(), 2);
    const { apiKey } = await client.createKey(await client.signUp(), 'Production Key');
    expect((await client.use(apiKey)).status).toBe(200);
    const told = program.plainLines.filter((line) => NOT_READY.test(line));
    expect(told).toEqual([...new Set(told)]);

    await client.close();
    await expectStopInOrder(program);
    await eventStore.stop();
  });

  it('stops in order while it waits for an event store that refuses it', async () => {
    const eventStore = await eventStoreOn(port);
    // It speaks TLS to a server that does not.
    const program = startOn(`esdb://127.0.0.1:${port}`);
    await program.line(NOT_READY);
    await expectStopInOrder(program);
    expect(program.plainLines.filter((line) => READY.test(line))).toEqual([]);
    await eventStore.stop();
  });
});
