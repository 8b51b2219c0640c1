import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string>>;

const READY_MS = 60_000;
const STOP_MS = 15_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** One process of the built product, at the mercy of a test: killed, frozen, started again. */
export class Part {
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];

  constructor(
    readonly name: string,
    private readonly program: string,
    private readonly env: Environment,
    private readonly execArgv: readonly string[] = [],
  ) {}

  /** Starts the process and waits until it says that it is ready. */
  async start(): Promise<void> {
    const child = fork(this.program, {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'warn', ...this.env },
      execArgv: [...this.execArgv],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.remember(text);
      });
    }
    await this.ready(child);
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error(`${this.name} was never started`);
    return pid;
  }

  /** What the process has written so far, as far as it is kept. */
  get output(): string {
    return this.lines.join('');
  }

  /** Ends the process at once, as a power cut or the kernel would. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** The exit code, once the process has ended by itself; `null` when a signal ended it. */
  async exitCode(): Promise<number | null> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} was never started`);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  private async ready(child: ChildProcess): Promise<void> {
    const signal = AbortSignal.timeout(READY_MS);
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error(`${this.name} ended before it was ready:\n${this.output}`);
    });
    ended.catch(() => undefined);
    await Promise.race([once(child, 'message', { signal }), ended]);
  }

  private async end(how: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  private remember(text: string): void {
    this.lines.push(text);
    if (this.lines.length > 500) this.lines.shift();
  }
}
