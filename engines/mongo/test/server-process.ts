import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('serve.mjs', import.meta.url));

/** The built server in a process of its own, to be killed. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const running = new Set<ServerProcess>();

/** Ends what a failed test has left running. */
export async function endServerProcesses(): Promise<void> {
  await Promise.all([...running].map((server) => server.end('SIGKILL')));
}

export async function startServerProcess(dataDir: string, port = 0): Promise<ServerProcess> {
  const child = spawn(process.execPath, [program, dataDir, String(port)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const bound = Number(await readyPort(child));
  const server: ServerProcess = {
    port: bound,
    url: `mongodb://127.0.0.1:${bound}/?directConnection=true`,
    end: async (signal) => {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      running.delete(server);
    },
  };
  running.add(server);
  return server;
}

async function readyPort(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^ready (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error('The server ended before it was ready.');
}
