import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listsHaveCaughtUp } from '../support/caught-up.js';
import { hasRealStores } from '../support/engines/environment.js';
import { freePort } from '../support/net/free-port.js';
import { productStores } from './stores.js';

const READY_LINE = /Keytrail is ready at (http:\/\/\S+)/;
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const KEPT_LINES = 200;

export interface Product {
  /** Where the api and the dashboard answer, without a slash at its end. */
  readonly url: string;
  /** The last lines it wrote, for a failed test to show. */
  readonly output: () => string;
  /** Ends all of its processes in order and removes its data. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the built product, all parts under its supervisor: with its own embedded stores in a directory of
 * its own, or with those that the tests are to meet. Rejects with its output when it ends or is silent
 * before it is ready.
 */
export async function startProduct({
  env = {},
}: { env?: Readonly<Record<string, string>> } = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-test-'));
  const port = await freePort();
  // With no addresses the supervisor starts its own stores, as `npm start` does.
  const stores = hasRealStores() ? await productStores() : undefined;
  const addresses = stores && {
    EVENTSTOREDB_URL: stores.eventStoreUrl,
    MONGODB_URL: stores.mongoUrl,
  };
  const child = spawn(process.execPath, ['apps/supervisor/dist/main.js'], {
    cwd: new URL('../..', import.meta.url),
    env: {
      ...process.env,
      ...{ NODE_OPTIONS: '', PORT: String(port), DATA_DIR: dataDir },
      ...addresses,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const stop = async (): Promise<void> => {
    await end(child);
    await stores?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await ready(child, lines);
    await listsHaveCaughtUp(url);
    return { url, stop, output: () => lines.join('\n') };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the product ${why}\n${lines.join('\n')}`));
    };
    const timer = setTimeout(() => {
      fail(`was not ready after ${READY_TIMEOUT_MS} ms`);
    }, READY_TIMEOUT_MS);
    const read = (line: string): void => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      const url = READY_LINE.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url.replace(/\/$/, ''));
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', read);
    }
    child.once('error', (error) => {
      fail(`did not start: ${error.message}`);
    });
    child.once('exit', (code) => {
      fail(`ended with ${String(code)} before it was ready`);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
