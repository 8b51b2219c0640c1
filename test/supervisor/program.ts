import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string>>;

const TIMEOUT_MS = 45_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const started = new Set<Program>();

const programs = {
  supervisor: 'apps/supervisor/dist/main.js',
  stores: 'engines/process/dist/main.js',
};

/** A built program of Keytrail as an operator runs it: a process with its own group, and its lines. */
export class Program {
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  /** @param within a command that becomes the one that follows it, such as `nice` */
  constructor(app: 'supervisor' | 'stores', env: Environment, within?: readonly string[]) {
    const [command, ...args] = [...(within ?? []), process.execPath, programs[app]];
    this.child = spawn(command, args, {
      cwd: root,
      detached: true,
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const input of [this.child.stdout, this.child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => this.lines.push(line));
    }
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
    started.add(this);
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** The pid of the latest process of a part, as the supervisor has logged it. */
  pidOf(part: string): number {
    return this.pidsOf(part).at(-1) ?? NaN;
  }

  /** The pids of all processes of all parts that the supervisor ever started. */
  get partPids(): readonly number[] {
    return ['stores', 'projector', 'api'].flatMap((part) => this.pidsOf(part));
  }

  /** What the program says to people, without the log lines that are for machines. */
  get plainLines(): readonly string[] {
    return this.lines.filter((line) => !line.startsWith('{'));
  }

  /** Waits until a line matches, also one that is there already. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`a line like ${String(pattern)}`, () => {
      for (const line of this.lines) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      if (this.child.exitCode !== null) throw new Error(`it has ended:\n${this.lines.join('\n')}`);
      return undefined;
    });
  }

  /** Waits until it says where it is ready, and answers with that. */
  async ready(): Promise<string> {
    return (await this.line(/^Keytrail is ready at (http:\S+)$/))[1] ?? '';
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  /** What Ctrl-C does: the signal goes to every process of the terminal's foreground group. */
  async interrupt(): Promise<number | null> {
    process.kill(-this.pid, 'SIGINT');
    return this.ended;
  }

  private pidsOf(part: string): readonly number[] {
    const pattern = new RegExp(`"name":"${part}","childPid":(\\d+)`);
    return this.lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).map(Number);
  }
}

/** Ends what a failed test has left running, also parts that have lost their supervisor. */
export async function killAll(): Promise<void> {
  const programs = [...started];
  started.clear();
  await Promise.all(
    programs.map((program) => {
      for (const pid of program.partPids.filter(isAlive)) process.kill(pid, 'SIGKILL');
      return program.stop('SIGKILL');
    }),
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks again and again until there is an answer. */
export async function until<Answer>(
  what: string,
  ask: () => Answer | undefined | Promise<Answer | undefined>,
): Promise<Answer> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`There was not ${what} within ${TIMEOUT_MS} ms`);
}
