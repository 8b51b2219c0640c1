import { gather, QueueFullError } from './gather.js';

/** A run that ends when the test says so, and the batches it was given. */
function controlledRun() {
  const batches: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const run = (items: readonly number[]): Promise<number[]> => {
    batches.push(items);
    return new Promise((resolve, reject) => {
      ends.push((error) => {
        if (error) reject(error);
        else resolve(items.map((item) => item * 10));
      });
    });
  };
  return { batches, run, end: (index: number, error?: Error) => ends[index]?.(error) };
}

const bounds = { maxBatch: 3, maxWaiting: 5 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('gathering', () => {
  it('runs what comes in one turn together', async () => {
    const { batches, run, end } = controlledRun();
    const ask = gather(run, bounds);
    const answers = [ask(1), ask(2)];
    await turn();
    expect(batches).toEqual([[1, 2]]);
    end(0);
    await expect(Promise.all(answers)).resolves.toEqual([10, 20]);
  });

  it('gathers the next while one is under way', async () => {
    const { batches, run, end } = controlledRun();
    const ask = gather(run, bounds);
    const first = ask(1);
    await turn();
    const answers = [first, ask(2), ask(3)];
    expect(batches).toEqual([[1]]);
    end(0);
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    end(1);
    await expect(Promise.all(answers)).resolves.toEqual([10, 20, 30]);
  });

  it('takes no more into one run than it may', async () => {
    const { batches, run, end } = controlledRun();
    const ask = gather(run, bounds);
    const first = ask(1);
    await turn();
    const answers = [first, ...[2, 3, 4, 5].map(ask)];
    for (const index of [0, 1, 2]) {
      end(index);
      await turn();
    }
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    await expect(Promise.all(answers)).resolves.toHaveLength(5);
  });

  it('turns away at once who would wait behind too many', async () => {
    const { run, end } = controlledRun();
    const ask = gather(run, bounds);
    const first = ask(0);
    await turn();
    const waiting = [1, 2, 3, 4, 5].map(ask);
    await expect(ask(6)).rejects.toThrow(QueueFullError);
    for (const index of [0, 1, 2]) {
      end(index);
      await turn();
    }
    await expect(Promise.all([first, ...waiting])).resolves.toHaveLength(6);
  });

  it('fails those of one run together and goes on with the next', async () => {
    const { run, end } = controlledRun();
    const ask = gather(run, bounds);
    const first = ask(1);
    await turn();
    const second = ask(2);
    end(0, new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await turn();
    end(1);
    await expect(second).resolves.toBe(20);
  });
});
