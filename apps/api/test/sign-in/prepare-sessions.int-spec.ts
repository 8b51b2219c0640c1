import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiSettings } from '@keytrail/platform';
import { openReadModels } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { prepareSessions } from '../../src/sessions/prepare-sessions.js';
import { examinedBy } from '../../../../test/support/examined.js';
import { testStores } from '../../../../test/support/stores.js';
import type { TestStores } from '../../../../test/support/stores.js';

let stores: TestStores;
let models: ReadModels;
let dirs: string[] = [];
beforeEach(async () => {
  stores = await testStores();
  const separator = stores.mongoUrl.includes('?') ? '&' : '?';
  models = openReadModels(`${stores.mongoUrl}${separator}monitorCommands=true`);
});
afterEach(async () => {
  await models.close();
  await stores.stop();
  await Promise.all(dirs.map((dir) => rm(dir, { recursive: true })));
  dirs = [];
});

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'keytrail-'));
  dirs.push(dir);
  return dir;
}

const secretOf = (settings: Partial<ApiSettings>): Promise<string> =>
  prepareSessions(models.db, Object.assign(new ApiSettings(), settings));

const stored = async (): Promise<string> =>
  JSON.stringify(await models.db.collection('settings').find().toArray());

describe('the secret that signs sessions', () => {
  it('is made once, in a file that its owner alone reads, and never in the database', async () => {
    const DATA_DIR = join(await newDir(), 'data');
    const secrets = await Promise.all([secretOf({ DATA_DIR }), secretOf({ DATA_DIR })]);
    const file = join(DATA_DIR, 'auth-secret');
    expect(new Set([...secrets, (await readFile(file, 'utf8')).trim()]).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await stored()).not.toContain(secrets[0]);
    await chmod(file, 0o644);
    expect(await secretOf({ DATA_DIR })).toBe(secrets[0]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('of an earlier version is moved out of the database', async () => {
    const value = 'the secret of an earlier version';
    await models.db
      .collection<{ _id: string }>('settings')
      .insertOne({ _id: 'auth-secret', value } as never);
    const DATA_DIR = await newDir();
    expect(await secretOf({ DATA_DIR })).toBe(value);
    expect(await stored()).not.toContain(value);
    expect(await secretOf({ DATA_DIR })).toBe(value);
  });

  it('is AUTH_SECRET where that is set, whatever was signed with before', async () => {
    const DATA_DIR = await newDir();
    const made = await secretOf({ DATA_DIR });
    const AUTH_SECRET = 'a secret that the operator has chosen';
    expect(await secretOf({ AUTH_SECRET, DATA_DIR })).toBe(AUTH_SECRET);
    expect(await stored()).not.toContain(AUTH_SECRET);
    await expect(secretOf({ DATA_DIR })).rejects.toThrow(/set AUTH_SECRET/);
    expect(made).not.toBe(AUTH_SECRET);
  });

  it('is never another one in another place, and without a place there is none', async () => {
    await secretOf({ DATA_DIR: await newDir() });
    await expect(secretOf({ DATA_DIR: await newDir() })).rejects.toMatchObject({
      code: 'cannot_start',
    });
    const file = join(await newDir(), 'file');
    await writeFile(file, '');
    await expect(secretOf({ DATA_DIR: file })).rejects.toThrow(/AUTH_SECRET is not set, and/);
  });
});

it('what an earlier version stored of sessions and attempts is made as it is stored now', async () => {
  const sessions = models.db.collection('session');
  await sessions.insertMany([{ token: 'a' }, { token: 'z' }]);
  await models.db.collection('rateLimit').insertOne({ key: '192.0.2.1/x', count: 1 });
  const AUTH_SECRET = 'a secret that the operator has chosen';
  await secretOf({ AUTH_SECRET });
  await secretOf({ AUTH_SECRET });
  const tokens = (await sessions.find().toArray()).map(({ token }) => token as string);
  const hashes = ['a', 'z'].map((token) => createHash('sha256').update(token).digest('base64url'));
  expect(tokens.sort()).toEqual(hashes.map((hash) => `sha256:${hash}`).sort());
  expect(await models.db.collection('rateLimit').find().toArray()).toEqual([]);
});

it('sessions that are stored as they are now are not looked at, however many there are', async () => {
  const sessions = models.db.collection('session');
  // The library makes it.
  await sessions.createIndexes([{ key: { token: 1 }, unique: true }]);
  await sessions.insertMany(
    Array.from({ length: 500 }, (_, number) => ({ token: `sha256:${number}` })),
  );
  const AUTH_SECRET = 'a secret that the operator has chosen';
  const { commands, documents } = await examinedBy(models.db, () => secretOf({ AUTH_SECRET }));
  expect(commands.map(({ find }) => find as unknown)).toEqual(['session', 'session']);
  expect(documents).toBe(0);
});
