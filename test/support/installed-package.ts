import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_TIMEOUT_MS = 20_000;

export interface Program {
  /** The first line it writes that matches; rejects when it ends or is silent before. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** The exit code, once it has ended by itself or by this signal. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** A project of somebody else's with one of our packages in its node_modules, as `npm install` puts it there. */
export class InstalledPackage {
  private readonly programs: ChildProcess[] = [];

  private constructor(
    readonly dir: string,
    private readonly files: readonly string[],
  ) {}

  /** @param others packages that the project has besides, such as peers of ours */
  static async create(
    name: 'guard' | 'sdk',
    others: readonly string[] = [],
  ): Promise<InstalledPackage> {
    const dir = await mkdtemp(join(tmpdir(), `keytrail-${name}-`));
    const { stdout } = await run('npm', [
      'pack',
      '--json',
      `--workspace=@keytrail/${name}`,
      `--pack-destination=${dir}`,
    ]);
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const target = join(dir, 'node_modules', '@keytrail', name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', join(dir, packed.filename), '-C', target, '--strip-components=1']);
    const needed = await dependenciesOf(target);
    for (const other of ['@types/node', 'undici-types', ...needed, ...others]) {
      const link = join(dir, 'node_modules', other);
      await mkdir(dirname(link), { recursive: true });
      await symlink(resolve('node_modules', other), link);
    }
    await writeFile(join(dir, 'package.json'), '{"type":"module"}');
    return new InstalledPackage(
      dir,
      packed.files.map(({ path }) => path),
    );
  }

  /** Files that a package must have and this one does not, and those that it should not have. */
  strayFiles(): { readonly missing: readonly string[]; readonly foreign: readonly string[] } {
    const needed = ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts'];
    const isPublic = (file: string): boolean =>
      /^(package\.json|README\.md|dist\/.+\.(js|js\.map|d\.ts))$/.test(file) &&
      !/spec|test|generate/.test(file);
    return {
      missing: needed.filter((file) => !this.files.includes(file)),
      foreign: this.files.filter((file) => !isPublic(file)),
    };
  }

  write(name: string, code: string): Promise<void> {
    return writeFile(join(this.dir, name), code);
  }

  /** What the compiler says of files, strictly and with the declarations of the package itself. */
  async typeErrors(names: readonly string[], options: readonly string[]): Promise<string> {
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
    return run(process.execPath, [tsc, ...strict, ...options, ...names], { cwd: this.dir }).then(
      () => '',
      (refusal: unknown) => (refusal as { stdout: string }).stdout,
    );
  }

  /** Runs a file of the project with nothing but the given environment. */
  start(name: string, env: Readonly<Record<string, string>>): Program {
    const child = spawn(process.execPath, [name], {
      cwd: this.dir,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.programs.push(child);
    const lines: string[] = [];
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        child.emit('said');
      });
    return {
      line: (pattern) => waitForLine(child, lines, pattern),
      end: (signal) => {
        if (signal) child.kill(signal);
        return ended;
      },
    };
  }

  async remove(): Promise<void> {
    for (const child of this.programs) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function dependenciesOf(packageDir: string): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(manifest.dependencies ?? {});
}

async function waitForLine(
  child: ChildProcess,
  lines: readonly string[],
  pattern: RegExp,
): Promise<string> {
  const signal = AbortSignal.timeout(OUTPUT_TIMEOUT_MS);
  for (;;) {
    const found = lines.find((line) => pattern.test(line));
    if (found !== undefined) return found;
    await once(child, 'said', { signal }).catch(() => {
      throw new Error(`no line ${String(pattern)} in:\n${lines.join('\n')}`);
    });
  }
}
