import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { isAlive, killAll, Program } from './program.js';

jest.setTimeout(60_000);

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keytrail-refusals-'));
});

afterEach(async () => {
  await killAll();
  await rm(dir, { recursive: true, force: true });
});

const stores = (dataDir: string, env: Readonly<Record<string, string>> = {}): Program =>
  new Program('stores', { DATA_DIR: dataDir, EVENTSTOREDB_PORT: '0', MONGODB_PORT: '0', ...env });

const areReady = (program: Program): Promise<RegExpExecArray> =>
  program.line(/^Keytrail stores are ready at esdb:\S+ and mongodb:\S+$/);

async function takenPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  return {
    port: (holder.address() as AddressInfo).port,
    release: async () => {
      holder.close();
      await once(holder, 'close');
    },
  };
}

async function expectRefusal(program: Program, ...lines: readonly string[]): Promise<void> {
  expect(await program.ended).toBe(1);
  expect(program.plainLines).toEqual(lines.map((line) => `Keytrail cannot start: ${line}.`));
  expect(program.partPids.filter(isAlive)).toEqual([]);
}

const inUse = (dataDir: string): string =>
  `DATA_DIR ${dataDir} is in use by another start of Keytrail; stop that one or set another DATA_DIR`;

describe('a start that cannot succeed', () => {
  it('lists every bad variable of every part at once, before anything is started', async () => {
    const program = new Program('supervisor', {
      DATA_DIR: dir,
      PORT: '70000',
      LOG_LEVEL: 'loud',
      KEY_PREFIX: 'A!',
      AUTH_SECRET: 'short',
      MONGODB_URL: 'mongodb://127.0.0.1:27017',
    });
    await expectRefusal(
      program,
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'PORT must be a port number from 0 to 65535',
      'KEY_PREFIX must be 2 to 10 lower-case letters and digits, beginning with a letter',
      'AUTH_SECRET must be at least 32 characters long',
      'EVENTSTOREDB_URL and MONGODB_URL must be set both, or neither for embedded stores',
    );
    expect(program.partPids).toEqual([]);
  });

  it('names a taken port before anything is started', async () => {
    const { port, release } = await takenPort();
    const program = new Program('supervisor', { DATA_DIR: dir, PORT: String(port) });
    await expectRefusal(program, `port ${port} on 127.0.0.1 is already in use`);
    expect(program.partPids).toEqual([]);
    await release();
  });

  it('names a data directory in use, once, and leaves the first start alone', async () => {
    const first = stores(dir);
    await areReady(first);
    await expectRefusal(new Program('supervisor', { DATA_DIR: dir, PORT: '0' }), inUse(dir));
    expect(await first.stop()).toBe(0);
  });
});

describe('scripts/start.cjs', () => {
  it('says in one line that too few files may be open', () => {
    const command = 'ulimit -n 64; exec "$0" scripts/start.cjs stores';
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command, process.execPath], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env['PATH'], DATA_DIR: dir },
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([
      1,
      '',
      'Keytrail cannot start: this process may open 64 files, and it needs 1024 or more; raise the limit with ulimit -n, or LimitNOFILE of its unit.\n',
    ]);
  });
});

describe('npm run stores', () => {
  it.each(['EVENTSTOREDB_PORT', 'MONGODB_PORT'])('names a taken %s', async (variable) => {
    const { port, release } = await takenPort();
    const program = stores(dir, { [variable]: String(port) });
    await expectRefusal(program, `port ${port} on 127.0.0.1 is already in use`);
    await release();
  });

  it('makes a data directory that only its owner may enter', async () => {
    const made = join(dir, 'a', 'b');
    const program = stores(made);
    await areReady(program);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    expect(await program.stop()).toBe(0);
  });

  it('says why a data directory cannot be used', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    await expectRefusal(stores(file), `DATA_DIR ${file} cannot be used: it is not a directory`);
    const below = join(file, 'data');
    await expectRefusal(
      stores(below),
      `DATA_DIR ${below} cannot be used: part of the path is not a directory`,
    );
  });

  it('lets one process at a time have a data directory, and the next one at once after kill -9', async () => {
    const holder = stores(dir);
    await areReady(holder);
    const others = [stores(dir), stores(join(dir, '.')), stores(dir)];
    await Promise.all(others.map((other) => expectRefusal(other, inUse(dir))));

    await holder.stop('SIGKILL');
    const next = stores(dir);
    await areReady(next);
    expect(await next.stop()).toBe(0);
  });

  it('gives a data directory to exactly one of several that start at the same moment', async () => {
    const all = Array.from({ length: 4 }, () => stores(dir));
    const winner = await Promise.any(all.map((program) => areReady(program).then(() => program)));
    const losers = all.filter((program) => program !== winner);
    await Promise.all(losers.map((loser) => expectRefusal(loser, inUse(dir))));
    expect(await winner.stop()).toBe(0);
  });
});
