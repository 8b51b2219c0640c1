import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../support/net/free-port.js';
import type { Running } from './running.js';

const run = promisify(execFile);

/** Where Debian puts each version, newest last. */
const VERSIONS = '/usr/lib/postgresql';
const READY_MS = 30_000;

export interface Postgres {
  readonly pid: number;
  readonly url: string;
}

/** A PostgreSQL of its own as it comes, with fsync; none where no server of it is installed. */
export async function startPostgres(running: Running): Promise<Postgres | undefined> {
  const programs = await newestPrograms();
  if (programs === undefined) return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'keytrail-bench-postgres-'));
  const port = await freePort();
  const user = await unprivileged();
  await chown(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  const asUser = { ...user, cwd: dir };
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust'], asUser);
  const { child } = await running.start(() => {
    const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', dir];
    const started = spawn(join(programs, 'postgres'), args, { ...asUser, stdio: 'ignore' });
    const ended = once(started, 'exit');
    const stop = async (): Promise<void> => {
      started.kill('SIGINT');
      await ended;
      await rm(dir, { recursive: true, force: true });
    };
    return Promise.resolve({ child: started, stop });
  });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  await answers(url);
  return { pid: child.pid ?? NaN, url };
}

async function newestPrograms(): Promise<string | undefined> {
  const versions = await readdir(VERSIONS).catch(() => []);
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((programs) => existsSync(join(programs, 'initdb')));
}

/** PostgreSQL does not run as root; its package brings a user for it. */
async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid = NaN, gid = NaN] = [process.getuid?.(), process.getgid?.()];
  if (uid !== 0) return { uid, gid };
  const idOf = async (flag: string): Promise<number> =>
    Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

async function answers(url: string): Promise<void> {
  for (const until = performance.now() + READY_MS; ;) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(100);
    }
  }
}
