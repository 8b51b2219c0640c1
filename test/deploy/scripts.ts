import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Runs a script of deploy/ to its end, with these variables and PATH. */
function runScript(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const options = { cwd: root, env: { PATH: process.env['PATH'], ...env }, timeout: 45_000 };
  return new Promise((resolve) => {
    const child = execFile(program, [...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? NaN, out: linesOf(stdout), err: linesOf(stderr) });
    });
  });
}

/** Makes the certificates of one node in a directory. */
export const makeCertificates = (
  directory: string,
  ...names: readonly string[]
): Promise<Outcome> => runScript('deploy/make-certificates.sh', [directory, ...names]);

/** Runs the script that makes Keytrail's user in an EventStoreDB. */
export const makeUser = (
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> =>
  runScript(process.execPath, ['deploy/eventstoredb-users.mjs', ...args], {
    EVENTSTOREDB_PASSWORD: 'correct-horse-battery',
    ...env,
  });
