import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'lmdb';
import { openDurableStore, type DurableStore } from './index.js';

describe('a durable store', () => {
  let path: string;
  let store: DurableStore;
  let numbers: Database<number, string>;

  function openStore(): void {
    store = openDurableStore({
      path,
      onFatal: (error) => {
        throw error;
      },
    });
    numbers = store.env.openDB<number, string>({ name: 'numbers' });
  }

  function put(key: string, value: number): Promise<number> {
    return store.write(() => {
      numbers.putSync(key, value);
      return value;
    });
  }

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'durable-store-'));
    openStore();
  });

  afterEach(async () => {
    await store.close();
    await rm(path, { recursive: true });
  });

  it('answers with what the write returned and keeps it across a reopening', async () => {
    const answer = await store.write(() => {
      numbers.putSync('a', 1);
      return 'written';
    });
    expect(answer).toBe('written');
    await store.close();
    openStore();
    expect(numbers.get('a')).toBe(1);
  });

  it('undoes a write that throws and nothing else of its group', async () => {
    const group = [
      put('before', 1),
      store.write(() => {
        numbers.putSync('undone', 2);
        numbers.putSync('before', 2);
        throw new Error('refused');
      }),
      put('after', 3),
    ];
    const outcomes = await Promise.allSettled(group);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const entries = Array.from(numbers.getRange(), ({ key, value }) => [key, value]);
    expect(entries).toEqual([
      ['after', 3],
      ['before', 1],
    ]);
  });

  it('shows each write what the writes before it in the group did', async () => {
    const increment = () => {
      const next = (numbers.get('n') ?? 0) + 1;
      numbers.putSync('n', next);
      return next;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.write(increment)));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('shows an acknowledged write to every read that starts later', async () => {
    for (let value = 0; value < 50; value++) {
      const before = numbers.get('n');
      await put('n', value);
      expect([before, numbers.get('n')]).toEqual([value === 0 ? undefined : value - 1, value]);
    }
  });

  it('finishes the writes under way before it closes, and refuses later ones', async () => {
    const written = put('last', 1);
    await store.close();
    await expect(written).resolves.toBe(1);
    await expect(put('later', 1)).rejects.toMatchObject({ code: 'store_failed' });
  });
});
