import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const platform = fileURLToPath(new URL('../dist/index.js', import.meta.url));

describe('ending a process', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'shutdown-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('does not wait for a thread that is at work, which would be for ever', async () => {
    // Opening a pipe that nobody writes to blocks a thread of Node's pool.
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const program = `
      import { open } from 'node:fs';
      import { endAtOnce } from ${JSON.stringify(platform)};
      open(${JSON.stringify(pipe)}, 'r', () => {});
      setTimeout(() => {
        console.error('the last words');
        endAtOnce();
      }, 100);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 10_000,
      killSignal: 'SIGTERM',
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const [code, signal] = (await once(child, 'close')) as unknown[];
    expect({ code, signal, output }).toEqual({
      code: null,
      signal: 'SIGKILL',
      output: 'the last words\n',
    });
  }, 20_000);
});
