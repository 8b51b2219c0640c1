import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith } from '../../../test/support/describe-with.js';
import { openDurableStore } from '../src/index.js';

const program = fileURLToPath(new URL('count-up.mjs', import.meta.url));

/** One writing thread, so that the trace is one sequence and faults are counted in it. */
const environment = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' };

interface Run {
  readonly exitCode: number;
  readonly acknowledged: number[];
  readonly fatal: string | undefined;
  readonly trace: string[];
}

describeWith('strace', 'a durable store on a failing disk', () => {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'store-sync-'));
  });

  afterEach(async () => {
    await rm(path, { recursive: true });
  });

  async function countUp(count: number, ...faults: string[]): Promise<Run> {
    const log = join(path, 'trace.log');
    const calls = ['-f', '-e', 'trace=fdatasync,fsync,msync,write,pwrite64', ...faults];
    const args = [...calls, '-o', log, process.execPath, program, join(path, 'data'), `${count}`];
    const { exitCode, stdout } = await new Promise<{ exitCode: number; stdout: string }>(
      (resolve) => {
        const child = execFile('strace', args, { env: environment }, (_error, output) => {
          resolve({ exitCode: child.exitCode ?? -1, stdout: output });
        });
      },
    );
    const trace = (await readFile(log, 'utf8')).split('\n');
    const acknowledged = [...stdout.matchAll(/^acknowledged (\d+)$/gm)].map(([, n]) => Number(n));
    return { exitCode, acknowledged, fatal: /^fatal (.*)$/m.exec(stdout)?.[1], trace };
  }

  async function storedNumbers(): Promise<number[]> {
    const store = openDurableStore({
      path: join(path, 'data'),
      onFatal: (error) => {
        throw error;
      },
    });
    const numbers = store.env.openDB<number, number>({ name: 'numbers' });
    const stored = Array.from(numbers.getKeys());
    await store.write(() => {
      numbers.putSync(1000, 1000);
    });
    await store.close();
    return stored;
  }

  it('syncs before every acknowledgement', async () => {
    const { trace, acknowledged } = await countUp(5);
    expect(acknowledged).toEqual([0, 1, 2, 3, 4]);
    let hasSynced = false;
    for (const line of trace) {
      if (/fdatasync\(\d+\)\s+= 0/.test(line)) hasSynced = true;
      if (!line.includes('write(1, "acknowledged')) continue;
      expect(hasSynced).toBe(true);
      hasSynced = false;
    }
  });

  it('acknowledges nothing after a failed sync, stops, and reopens undamaged', async () => {
    await countUp(3);
    const run = await countUp(8, '-e', 'inject=fdatasync:error=EIO:when=3+');
    expect(run.trace.filter((line) => line.includes('INJECTED'))).toHaveLength(1);
    expect(run).toMatchObject({ exitCode: 70, acknowledged: [0, 1], fatal: 'Input/output error' });
    expect(await storedNumbers()).toEqual([0, 1, 2]);
  });

  it('acknowledges nothing after a failed write, stops, and reopens undamaged', async () => {
    await countUp(3);
    const run = await countUp(8, '-e', 'inject=pwrite64:error=ENOSPC:when=6+');
    expect(run).toMatchObject({ exitCode: 70, fatal: 'No space left on device' });
    expect(run.acknowledged.length).toBeLessThan(8);
    expect(await storedNumbers()).toEqual([...new Set([0, 1, 2, ...run.acknowledged])]);
  });
});
