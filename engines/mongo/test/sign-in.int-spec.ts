import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Binary, MongoClient, type Document } from 'mongodb';
import { COMMANDS } from '../src/commands/table.js';
import { startEmbeddedMongo, type EmbeddedMongo } from '../src/index.js';
import { refusal } from './server-under-test.js';

const user = { name: 'keytrail', password: 'CorrectHorseBatteryStaple' };

describe('a server with a user', () => {
  let dataDir: string;
  let server: EmbeddedMongo;
  const clients: MongoClient[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mongo-'));
    server = await startEmbeddedMongo({ dataDir, port: 0, user });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  afterAll(async () => {
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  const clientOf = (url: string): MongoClient => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
    clients.push(client);
    return client;
  };
  const stranger = (): MongoClient =>
    clientOf(`mongodb://127.0.0.1:${server.port}/?directConnection=true`);

  it('serves whoever has its address with name and password', async () => {
    const db = clientOf(server.url).db('test');
    await db.collection('things').insertOne({ n: 1 });
    expect(await db.collection('things').countDocuments()).toBe(1);
    await expect(db.command({ connectionStatus: 1 })).resolves.toMatchObject({
      authInfo: { authenticatedUsers: [{ user: 'keytrail', db: 'admin' }] },
    });
  });

  it.each([
    ['the mechanism named', '&authMechanism=SCRAM-SHA-256'],
    ['TLS left out by name', '&tls=false'],
  ])('serves the same with %s', async (_, options) => {
    const client = clientOf(`${server.url}${options}`);
    await expect(client.db('test').command({ dbStats: 1 })).resolves.toMatchObject({ ok: 1 });
  });

  it.each([
    ['another password', 'keytrail:wrong@', 'authSource=admin'],
    ['another name', `root:${user.password}@`, 'authSource=admin'],
    ['another database of users', `keytrail:${user.password}@`, 'authSource=test'],
  ])('answers %s with 18 AuthenticationFailed', async (_, who, source) => {
    const url = `mongodb://${who}127.0.0.1:${server.port}/?directConnection=true&${source}`;
    const error = await refusal(clientOf(url).db('test').command({ ping: 1 }));
    expect([error.code, error.codeName, error.message]).toEqual([
      18,
      'AuthenticationFailed',
      'Authentication failed.',
    ]);
  });

  it('tells a stranger no more than what a driver asks before it signs in', async () => {
    const open = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.isOpen);
    expect(open.sort()).toEqual(
      [
        ...['hello', 'isMaster', 'ismaster', 'ping', 'buildInfo'],
        ...['saslStart', 'saslContinue', 'connectionStatus'],
      ].sort(),
    );
    const db = stranger().db('test');
    for (const command of ['hello', 'ping', 'buildInfo', 'connectionStatus']) {
      await expect(db.command({ [command]: 1 })).resolves.toMatchObject({ ok: 1 });
    }
  });

  const guarded = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.isOpen === false);
  it.each(guarded)('refuses %s of a stranger with 13 Unauthorized', async (name) => {
    // Whatever else is wrong with it is not said.
    const error = await refusal(
      stranger()
        .db('test')
        .command({ [name]: 1 }),
    );
    expect([error.code, error.codeName, error.message]).toEqual([
      13,
      'Unauthorized',
      `Command ${name} requires authentication`,
    ]);
  });

  it('refuses another mechanism by name', async () => {
    const command = { saslStart: 1, mechanism: 'PLAIN', payload: new Binary(Buffer.from('x')) };
    const error = await refusal(stranger().db('admin').command(command));
    expect([error.code, error.codeName]).toEqual([334, 'MechanismUnavailable']);
  });

  it('goes on with no exchange that was not begun, and with none whose proof was wrong', async () => {
    const db = stranger().db('admin');
    const proceed = (text: string): Promise<Document> =>
      db.command({ saslContinue: 1, conversationId: 1, payload: new Binary(Buffer.from(text)) });
    expect((await refusal(proceed(''))).code).toBe(17);
    const payload = new Binary(Buffer.from('n,,n=keytrail,r=abc'));
    await db.command({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload });
    expect((await refusal(proceed(''))).code).toBe(18);
    expect((await refusal(proceed(''))).code).toBe(17);
    expect((await refusal(db.command({ dbStats: 1 }))).code).toBe(13);
  });

  it('tells a client how its user signs in', async () => {
    const db = stranger().db('admin');
    const ask = (name: string): Promise<Document> =>
      db.command({ hello: 1, saslSupportedMechs: name });
    await expect(ask('admin.keytrail')).resolves.toMatchObject({
      saslSupportedMechs: ['SCRAM-SHA-256'],
    });
    expect(await ask('admin.root')).not.toHaveProperty('saslSupportedMechs');
  });
});
