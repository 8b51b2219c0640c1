import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from './environment.js';
import { eventStoreReady } from './event-store-ready.js';
import type { Victim } from './victim.js';

const READY_MS = 50_000;
/** A node that is asked to stop finishes what it does first, for which it takes several seconds. */
const STOP_MS = 30_000;
const KEPT_CHUNKS = 500;
const guard = fileURLToPath(new URL('guard.mjs', import.meta.url));

/** A node of the real event store for one test: EVENTSTOREDB_COMMAND on a data directory and a port. */
export class OwnNode implements Victim {
  readonly name = 'event store';
  private child: ChildProcess | undefined;
  private group = 0;
  private readonly chunks: string[] = [];

  constructor(
    private readonly dataDir: string,
    private readonly port: number,
  ) {}

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  get pid(): number {
    if (this.group === 0) throw new Error('The node was never started');
    return this.group;
  }

  get output(): string {
    return this.chunks.join('');
  }

  /** @throws Error with what the node has written, when it ends before it is ready or is not in time */
  async start(): Promise<void> {
    const command = `exec ${nodeCommand()} "$@"`;
    const child = fork(guard, ['/bin/sh', '-c', command, 'sh', this.dataDir, String(this.port)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.group = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.remember(text);
      });
    }
    const hopeless = new AbortController();
    const giveUp = (why: string): void => {
      hopeless.abort(new Error(`The node ${why}:\n${this.output}`));
    };
    const timer = setTimeout(giveUp, READY_MS, `was not ready after ${READY_MS} ms`);
    child.once('exit', () => {
      giveUp('ended before it was ready');
    });
    try {
      const [group] = (await once(child, 'message', { signal: hopeless.signal })) as [number];
      this.group = group;
      await eventStoreReady(this.url, hopeless.signal);
    } catch (error) {
      await this.kill9();
      hopeless.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => {
      this.signal('SIGKILL');
    }, STOP_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  async ending(): Promise<number | NodeJS.Signals | null> {
    const { child } = this;
    if (!child) throw new Error('The node was never started');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode ?? child.signalCode;
  }

  private async end(how: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    if (this.group === 0) child.disconnect();
    else this.signal(how);
    await this.ending();
  }

  private signal(signal: NodeJS.Signals): void {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null || this.group === 0) return;
    try {
      process.kill(-this.group, signal);
    } catch (error) {
      // It has just ended by itself.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  private remember(text: string): void {
    this.chunks.push(text);
    if (this.chunks.length > KEPT_CHUNKS) this.chunks.shift();
  }
}
