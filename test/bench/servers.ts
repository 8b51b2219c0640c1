import { drawStoresPassword, nodeFlags } from '@keytrail/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Part } from '../faults/part.js';
import { freePort } from '../support/net/free-port.js';
import type { Running } from './running.js';

type Environment = Readonly<Record<string, string>>;

/** As an operator runs it: what is logged is written, and nobody of the bench spends time on reading it. */
export const asOperated = { dropOutput: true, env: { LOG_LEVEL: 'info' } } as const;

/** With the flags of an api, whichever server it is: they are compared. */
const fromSource = { execArgv: [...nodeFlags.api, '--import', 'tsx'], dropOutput: true } as const;

async function start(part: Part): Promise<Part> {
  try {
    await part.start();
    return part;
  } catch (error) {
    await part.stop();
    throw error;
  }
}

/** One of the bench's own processes, `test/bench/<name>.ts`. */
export async function startOwn(
  running: Running,
  name: string,
  env: Environment = {},
): Promise<{ readonly part: Part; readonly url: string }> {
  const port = await freePort();
  const part = new Part(name, `test/bench/${name}.ts`, { ...env, PORT: String(port) }, fromSource);
  return { part: await running.start(() => start(part)), url: `http://127.0.0.1:${port}` };
}

/** Embedded stores for somebody else. */
export async function startStores(
  running: Running,
): Promise<{ readonly part: Part; readonly mongoUrl: string }> {
  const [eventPort, documentPort] = [await freePort(), await freePort()];
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-bench-'));
  const password = drawStoresPassword();
  const env = {
    DATA_DIR: dataDir,
    STORES_PASSWORD: password,
    EVENTSTOREDB_PORT: String(eventPort),
    MONGODB_PORT: String(documentPort),
  };
  const part = new Part('stores', 'engines/process/dist/main.js', env, {
    execArgv: nodeFlags.stores,
    dropOutput: true,
  });
  const stop = async (): Promise<void> => {
    await part.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  await running.start(async () => ({ started: await start(part), stop }));
  const server = `mongodb://keytrail:${password}@127.0.0.1:${documentPort}`;
  return { part, mongoUrl: `${server}/peer?directConnection=true&authSource=admin` };
}
