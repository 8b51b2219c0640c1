import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/net/free-port.js';

const READY_MS = 10_000;
const template = fileURLToPath(new URL('nginx.conf', import.meta.url));
const snippet = fileURLToPath(
  new URL('../../docs/examples/forward-auth/nginx.conf', import.meta.url),
);

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real nginx, configured as the documentation says.
 *
 * @param upstreams host and port of each
 */
export async function startNginx(upstreams: {
  readonly keytrail: string;
  readonly orders: string;
}): Promise<Nginx> {
  const dir = await mkdtemp(join(tmpdir(), 'keytrail-nginx-'));
  const port = await freePort();
  const variables: Readonly<Record<string, string>> = {
    DIR: dir,
    PORT: String(port),
    SNIPPET: snippet,
    KEYTRAIL: upstreams.keytrail,
    ORDERS: upstreams.orders,
  };
  const config = (await readFile(template, 'utf8')).replace(
    /\$\{([A-Z]+)\}/g,
    (_, name: string) => variables[name] ?? '',
  );
  const file = join(dir, 'nginx.conf');
  await writeFile(file, config);
  const child = spawn('nginx', ['-p', dir, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const failures: unknown[] = [];
  child.once('error', (error: Error) => {
    failures.push(error);
  });
  child.once('exit', (code) => {
    failures.push(new Error(`nginx ended with ${String(code)}: ${said}`));
  });
  const giveUpAt = performance.now() + READY_MS;
  while (!(await listens(port))) {
    const [cause] = failures;
    if (cause !== undefined) throw new Error('nginx cannot be started', { cause });
    if (performance.now() > giveUpAt) throw new Error(`nginx does not listen: ${said}`);
    await pause(20);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
