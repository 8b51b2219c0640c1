import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from '@keytrail/platform';

/** What a part says about itself when it is ready. */
export type ReadyMessage = Readonly<Record<string, unknown>>;

export interface PartOptions {
  readonly name: string;
  readonly program: string;
  /** Given to Node.js before the program. */
  readonly execArgv: readonly string[];
  /** Variables of the supervisor that this part does not need. */
  readonly withheld: readonly string[];
  /** Variables beside those of the supervisor; asked for at each start. */
  readonly env: () => Readonly<Record<string, string>>;
  readonly logger: Logger;
}

const WITHOUT_CORE = 'ulimit -c 0; exec "$0" "$@"';

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A part that lived this long is not failing again and again. */
const healthyAfterMs = 30_000;
/** A little more than the parts give themselves. */
const stopGraceMs = 12_000;

/** A part ended before it was ready. It has told the operator why, unless it was killed. */
export class PartFailedError extends Error {
  readonly code = 'part_failed';

  constructor(
    readonly part: string,
    readonly signal: NodeJS.Signals | null,
  ) {
    super(`the ${part} ended before it was ready${signal ? ` (${signal})` : ''}`);
    this.name = 'PartFailedError';
  }
}

/** One process of Keytrail: started, started again with a capped back-off when it ends, stopped. */
export class Part {
  private child: ChildProcess | undefined;
  private stopping = false;
  private retry: NodeJS.Timeout | undefined;
  private delayMs = firstDelayMs;

  constructor(private readonly options: PartOptions) {}

  /**
   * Starts the part and keeps it running from the moment it is ready.
   *
   * @returns its message, once it is ready
   * @throws PartFailedError when it ends before, or was stopped already
   */
  async start(): Promise<ReadyMessage> {
    if (this.stopping) throw new PartFailedError(this.options.name, null);
    const child = this.launch();
    const message = await this.ready(child);
    this.keep(child);
    return message;
  }

  /** Asks the part to stop, waits for it, and kills it when it takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    const child = this.running();
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.logger.error({ name: this.options.name }, 'part does not stop and is killed');
      child.kill('SIGKILL');
    }, stopGraceMs);
    await ended;
    clearTimeout(timer);
    this.options.logger.info({ name: this.options.name }, 'part stopped');
  }

  kill(): void {
    this.stopping = true;
    clearTimeout(this.retry);
    this.running()?.kill('SIGKILL');
  }

  private running(): ChildProcess | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child : undefined;
  }

  private launch(): ChildProcess {
    const { name, program, execArgv, env, withheld, logger } = this.options;
    const passedOn = Object.entries(process.env).filter(
      ([variable]) => !withheld.includes(variable),
    );
    const child = fork(program, [], {
      // A shell takes the right to leave a core behind, which would hold keys, and becomes Node.js.
      execPath: '/bin/sh',
      // A process group of its own: Ctrl-C reaches the supervisor alone, which then stops in order.
      detached: true,
      env: { ...Object.fromEntries(passedOn), ...env() },
      execArgv: ['-c', WITHOUT_CORE, process.execPath, ...process.execArgv, ...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    logger.info({ name, childPid: child.pid }, 'part started');
    return child;
  }

  private ready(child: ChildProcess): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      child.on('message', (message) => {
        if (isReady(message)) resolve(message);
      });
      child.once('error', reject);
      child.once('exit', (_code, signal) => {
        reject(new PartFailedError(this.options.name, signal));
      });
    });
  }

  private keep(child: ChildProcess): void {
    const readySince = Date.now();
    const again = (): void => {
      if (Date.now() - readySince > healthyAfterMs) this.delayMs = firstDelayMs;
      this.startAgain(child);
    };
    if (this.running() === child) child.once('exit', again);
    else again();
  }

  private startAgain({ exitCode, signalCode }: ChildProcess): void {
    if (this.stopping) return;
    const { name, logger } = this.options;
    const retryInMs = this.delayMs;
    this.delayMs = Math.min(this.delayMs * 2, longestDelayMs);
    logger.error(
      { name, exitCode, signal: signalCode, retryInMs },
      'part ended; starting it again',
    );
    this.retry = setTimeout(() => {
      const next = this.launch();
      this.ready(next).then(
        () => {
          logger.info({ name }, 'part is ready again');
          this.keep(next);
        },
        () => {
          this.startAgain(next);
        },
      );
    }, retryInMs);
  }
}

const isReady = (message: unknown): message is ReadyMessage =>
  typeof message === 'object' && message !== null && 'ready' in message;
