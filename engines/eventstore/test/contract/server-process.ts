import { EventStoreDBClient } from '@eventstore/db-client';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const embedded = fileURLToPath(new URL('../serve.mjs', import.meta.url));
const START_MS = 50_000;
const STEP_MS = 100;

/** A server in a process of its own, to be killed and measured. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Memory of its own, without mapped files. */
  ownMemoryBytes(): Promise<number>;
}

/** `command` starts a node in the foreground on a directory and a port; by default the built server. */
export async function startServerProcess(
  dataDir: string,
  command = `exec '${process.execPath}' '${embedded}'`,
): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn('sh', ['-c', `${command} "$0" "$1"`, dataDir, String(port)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
    // The command may be a shell that starts the node: signals go to both.
    detached: true,
  });
  const url = `esdb://127.0.0.1:${port}?tls=false`;
  await ready(child, url);
  return {
    port,
    url,
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      process.kill(-(child.pid ?? 0), signal);
      await exited;
    },
    ownMemoryBytes: async () => {
      const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
      return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * A node is ready when it leads and has written what a new log begins with; nothing is written here, so
 * that a new log stays one.
 */
async function ready(child: ChildProcess, url: string): Promise<void> {
  const untilMs = Date.now() + START_MS;
  for (;;) {
    const client = EventStoreDBClient.connectionString(url);
    try {
      for await (const _ of client.readAll({ maxCount: 1, requiresLeader: true })) return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > untilMs) throw error;
    } finally {
      await client.dispose();
    }
    await pause(STEP_MS);
  }
}
