import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDataFile } from './data-file.js';
import { openDurableStore } from './index.js';

const reader = fileURLToPath(new URL('../test/read-all.mjs', import.meta.url));

describe('a data file', () => {
  let dir: string;
  let sizeBytes: number;
  const file = (): string => join(dir, 'cut', 'data.mdb');

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'data-file-'));
    const store = openDurableStore({ path: join(dir, 'whole'), onFatal: () => undefined });
    const texts = store.env.openDB<string, string>({ name: 'texts' });
    for (let n = 0; n < 50; n += 1) {
      await store.write(() => {
        texts.putSync(`key-${n}`, String(n).repeat(3_000));
      });
    }
    await store.close();
    sizeBytes = (await stat(join(dir, 'whole', 'data.mdb'))).size;
  });
  beforeEach(() => cp(join(dir, 'whole'), join(dir, 'cut'), { recursive: true, force: true }));
  afterAll(() => rm(dir, { recursive: true }));

  /** How a process ends that opens the store and reads all that is in it. */
  const readAll = (): Promise<{ signal: unknown; said: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [reader, join(dir, 'cut')], (error, out, err) => {
        resolve({ signal: error?.signal ?? null, said: out + err });
      });
    });

  it('that is whole is opened', async () => {
    expect(await readAll()).toEqual({ signal: null, said: '50\n' });
  });

  it('whose end was cut off ends no process by a signal, wherever it was cut', async () => {
    for (const part of [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
      await cp(join(dir, 'whole'), join(dir, 'cut'), { recursive: true, force: true });
      await truncate(file(), Math.floor((sizeBytes * part) / 4_096) * 4_096);
      const { signal, said } = await readAll();
      expect([part, signal]).toEqual([part, null]);
      expect([part, said]).not.toEqual([part, '50\n']);
    }
  });

  it('that lacks the root of a tree is refused by name', async () => {
    await truncate(file(), 3 * 4_096);
    expect(() => {
      checkDataFile(file());
    }).toThrow(
      `${file()} is damaged (its end is missing after 12288 bytes); put a backup of the data directory in its place`,
    );
  });

  it.each([
    ['something else', 'This is no database.'],
    ['zeros', '\0'.repeat(8_192)],
  ])('that is %s is refused by name', async (_, text) => {
    await writeFile(file(), text);
    expect(() => {
      checkDataFile(file());
    }).toThrow('it does not begin as a data file does');
  });

  it('that is not there yet, or empty, is none to refuse', async () => {
    checkDataFile(join(dir, 'nothing'));
    await writeFile(file(), '');
    checkDataFile(file());
  });
});
