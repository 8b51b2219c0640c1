import { fork } from 'node:child_process';
import type { ChildProcess, Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Victim } from '../support/engines/victim.js';

type Environment = Readonly<Record<string, string>>;

const READY_MS = 60_000;
const STOP_MS = 15_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PartOptions {
  /** Given to Node before the program. */
  readonly execArgv?: readonly string[];
  /** Leaves what it logs to nobody, so that reading costs nothing; errors are kept. */
  readonly dropOutput?: boolean;
}

/** One process of the built product, or one that speaks like it. */
export class Part implements Victim {
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];

  constructor(
    readonly name: string,
    private readonly program: string,
    private readonly env: Environment,
    private readonly options: PartOptions = {},
  ) {}

  async start(): Promise<void> {
    const { execArgv = [], dropOutput = false } = this.options;
    const child = fork(this.program, {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'warn', ...this.env },
      execArgv: [...execArgv],
      stdio: ['ignore', dropOutput ? 'ignore' : 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.remember(text);
      });
    }
    await this.nextMessage(child, READY_MS);
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error(`${this.name} was never started`);
    return pid;
  }

  get output(): string {
    return this.lines.join('');
  }

  /** What it has written about requests that failed in a way nobody expected. */
  get failures(): string[] {
    return this.output.split('\n').filter((line) => /"level":50.*"request failed"/.test(line));
  }

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

  async ending(): Promise<number | NodeJS.Signals | null> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} was never started`);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode ?? child.signalCode;
  }

  /** Sends a message to the process and resolves with the next that it sends. */
  async ask(question: Serializable, timeoutMs: number): Promise<unknown> {
    const { child } = this;
    if (!child) throw new Error(`${this.name} was never started`);
    const answer = this.nextMessage(child, timeoutMs);
    child.send(question);
    return answer;
  }

  private async nextMessage(child: ChildProcess, timeoutMs: number): Promise<unknown> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs)]);
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error(`${this.name} ended before it answered:\n${this.output}`);
    });
    ended.catch(() => undefined);
    try {
      const [message] = (await Promise.race([
        once(child, 'message', { signal }),
        ended,
      ])) as unknown[];
      return message;
    } finally {
      over.abort();
    }
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
