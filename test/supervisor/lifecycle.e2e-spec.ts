import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Client } from '../support/client.js';
import { hasRealStores } from '../support/engines/environment.js';
import { productStores } from '../product/stores.js';
import type { TestStores } from '../support/stores.js';
import { isAlive, killAll, Program, until } from './program.js';

jest.setTimeout(120_000);

let dataDir: string;
/** The engines that Keytrail is given the addresses of, or undefined when it is to start its own stores. */
let engines: TestStores | undefined;
/** The parts, in the order in which they are to stop. */
const parts = ['api', 'projector', ...(hasRealStores() ? [] : ['stores'])];
const clients: Client[] = [];

beforeAll(async () => {
  if (hasRealStores()) engines = await productStores();
});
afterAll(() => engines?.stop());

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'keytrail-supervisor-'));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await killAll();
  await rm(dataDir, { recursive: true, force: true });
});

const start = (
  { eventStoreUrl, mongoUrl }: Partial<TestStores> = { ...engines },
  env: Readonly<Record<string, string>> = {},
): Program =>
  new Program('supervisor', {
    ...{ PORT: '0', DATA_DIR: dataDir },
    ...env,
    ...(eventStoreUrl && mongoUrl && { EVENTSTOREDB_URL: eventStoreUrl, MONGODB_URL: mongoUrl }),
  });

function clientOf(url: string): Client {
  const client = new Client(url, 4);
  clients.push(client);
  return client;
}

const gone = (pids: readonly number[]): Promise<true> =>
  until('an end of all processes', () => (pids.some(isAlive) ? undefined : true));

const accepted = (client: Client, apiKey: string): Promise<true> =>
  until('an accepted key', async () => {
    const answer = await client.use(apiKey).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });

describe('npm start', () => {
  it('says where it is ready, keeps every acknowledged key, and stops in order with code 0', async () => {
    const first = start();
    const client = clientOf(await first.ready());
    const { apiKey } = await client.createKey(await client.signUp(), 'Production Key');

    expect(await first.stop()).toBe(0);
    expect(first.plainLines).toHaveLength(1);
    expect(first.partPids).toHaveLength(parts.length);
    expect(first.partPids.filter(isAlive)).toEqual([]);
    const stopped = first.lines.filter((line) => line.includes('"msg":"part stopped"'));
    expect(stopped.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(parts);

    const second = start();
    const answer = await clientOf(await second.ready()).use(apiKey);
    expect(answer.status).toBe(200);
    expect(await second.stop()).toBe(0);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux(
    'gives no part a secret that it does not need, nor the right to leave a core',
    async () => {
      const secrets = {
        AUTH_SECRET: 'a secret that signs sessions in tests',
        SMTP_URL: 'smtp://keys:secret@mail.example.com',
      };
      const program = start(undefined, { ...secrets, BASE_URL: 'http://keys.test' });
      await program.ready();
      for (const part of parts) {
        const of = (file: string) => readFile(`/proc/${program.pidOf(part)}/${file}`, 'utf8');
        expect(await of('limits')).toMatch(/^Max core file size +0 +0 /m);
        const names = (await of('environ')).split('\0').map((variable) => variable.split('=')[0]);
        const held = Object.keys(secrets).filter((name) => names.includes(name));
        expect([part, held]).toEqual([part, part === 'api' ? Object.keys(secrets) : []]);
      }
      expect(await program.stop()).toBe(0);
    },
  );

  it.each(parts)('brings back the %s after kill -9', async (part) => {
    const program = start();
    const client = clientOf(await program.ready());
    const { apiKey } = await client.createKey(await client.signUp(), 'Production Key');

    const killed = program.pidOf(part);
    process.kill(killed, 'SIGKILL');
    await program.line(new RegExp(`"name":"${part}".*"signal":"SIGKILL".*starting it again`));
    await program.line(new RegExp(`"name":"${part}","msg":"part is ready again"`));
    expect(program.pidOf(part)).not.toBe(killed);
    await accepted(client, apiKey);

    expect(await program.stop()).toBe(0);
    expect(program.partPids).toHaveLength(parts.length + 1);
    expect(program.partPids.filter(isAlive)).toEqual([]);
  });

  it('stops in order on Ctrl-C, which reaches the whole process group', async () => {
    const program = start();
    await program.ready();
    expect(await program.interrupt()).toBe(0);
    const stopped = program.lines.flatMap(
      (line) => /"name":"(\w+)","msg":"part stopped"/.exec(line)?.[1] ?? [],
    );
    expect(stopped).toEqual(parts);
    expect(program.partPids.filter(isAlive)).toEqual([]);
  });

  it('leaves no process behind when it is stopped while it starts', async () => {
    const program = start();
    await program.line(/"name":"api","childPid"/);
    expect(await program.stop()).toBe(0);
    expect(program.partPids.filter(isAlive)).toEqual([]);
    expect(program.plainLines).toEqual([]);
  });

  it('leaves no process behind when it is killed itself', async () => {
    const program = start();
    await program.ready();
    process.kill(program.pid, 'SIGKILL');
    await gone(program.partPids);
  });

  it('leaves no process behind when it is killed while it starts', async () => {
    const program = start();
    await program.line(/"name":"api","childPid"/);
    process.kill(program.pid, 'SIGKILL');
    await gone(program.partPids);
  });

  it('starts no embedded stores when it is given the addresses of engines', async () => {
    const stores = await productStores();
    const program = start(stores);
    const client = clientOf(await program.ready());
    const { apiKey } = await client.createKey(await client.signUp(), 'Production Key');
    await accepted(client, apiKey);
    expect(program.partPids).toHaveLength(2);
    expect(await program.stop()).toBe(0);
    await stores.stop();
  });
});
