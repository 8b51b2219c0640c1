import { QueueFullError, ShareFullError } from './fair-queue.js';
import { Gatherer } from './gather.js';

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
const turns = async (): Promise<void> => {
  for (let passed = 0; passed < 5; passed += 1) await turn();
};

describe('gathering', () => {
  it('runs what comes in one turn together', async () => {
    const { batches, run, end } = controlledRun();
    const runs = new Gatherer(run, bounds);
    const answers = [runs.add(1), runs.add(2)];
    await turn();
    expect(batches).toEqual([[1, 2]]);
    end(0);
    await expect(Promise.all(answers)).resolves.toEqual([10, 20]);
  });

  it('gathers the next while one is under way', async () => {
    const { batches, run, end } = controlledRun();
    const runs = new Gatherer(run, bounds);
    const first = runs.add(1);
    await turn();
    const answers = [first, runs.add(2), runs.add(3)];
    expect(batches).toEqual([[1]]);
    end(0);
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    end(1);
    await expect(Promise.all(answers)).resolves.toEqual([10, 20, 30]);
  });

  it('takes no more into one run than it may', async () => {
    const { batches, run, end } = controlledRun();
    const runs = new Gatherer(run, bounds);
    const first = runs.add(1);
    await turn();
    const answers = [first, ...[2, 3, 4, 5].map((item) => runs.add(item))];
    for (const index of [0, 1, 2]) {
      end(index);
      await turn();
    }
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    await expect(Promise.all(answers)).resolves.toHaveLength(5);
  });

  it('takes no more into one run than is large enough, and what is larger alone', async () => {
    const { batches, run, end } = controlledRun();
    const runs = new Gatherer(run, { ...bounds, maxSize: 10, sizeOf: (item) => item });
    const answers = [7, 3, 12, 5].map((item) => runs.add(item));
    for (const index of [0, 1, 2]) {
      await turns();
      end(index);
    }
    await Promise.all(answers);
    expect(batches).toEqual([[7, 3], [12], [5]]);
  });

  it('turns away at once who would wait behind too many', async () => {
    const { run, end } = controlledRun();
    const runs = new Gatherer(run, bounds);
    const first = runs.add(0);
    await turn();
    const waiting = [1, 2, 3, 4, 5].map((item) => runs.add(item));
    await expect(runs.add(6)).rejects.toThrow(QueueFullError);
    for (const index of [0, 1, 2]) {
      end(index);
      await turn();
    }
    await expect(Promise.all([first, ...waiting])).resolves.toHaveLength(6);
  });

  it('takes from each group in turn, and turns away who would wait behind too many of their own', async () => {
    const { batches, run, end } = controlledRun();
    const groupOf = (item: number): string => (item < 100 ? 'many' : 'few');
    const runs = new Gatherer(run, { ...bounds, maxWaiting: 9, maxWaitingPerGroup: 4, groupOf });
    const first = runs.add(0);
    await turn();
    const waiting = [1, 2, 3, 4].map((item) => runs.add(item));
    await expect(runs.add(5)).rejects.toThrow(ShareFullError);
    const other = runs.add(100);
    for (const index of [0, 1, 2]) {
      end(index);
      await turn();
    }
    await Promise.all([first, other, ...waiting]);
    expect(batches).toEqual([[0], [1, 100, 2], [3, 4]]);
  });

  it('fails those of one run together and goes on with the next', async () => {
    const { run, end } = controlledRun();
    const runs = new Gatherer(run, bounds);
    const first = runs.add(1);
    await turn();
    const second = runs.add(2);
    end(0, new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await turn();
    end(1);
    await expect(second).resolves.toBe(20);
  });

  it('waits for those who are on their way with the first', async () => {
    const [upstream, downstream] = [controlledRun(), controlledRun()];
    const source = new Gatherer(upstream.run, bounds);
    const runs = new Gatherer(downstream.run, { ...bounds, source });
    const passing = (item: number) => source.add(item).then((result) => runs.add(result));
    const answers = [passing(1)];
    await turn();
    answers.push(passing(2));
    upstream.end(0);
    await turns();
    expect(upstream.batches).toEqual([[1], [2]]);
    expect(downstream.batches).toEqual([]);
    upstream.end(1);
    await turns();
    expect(downstream.batches).toEqual([[10, 20]]);
    downstream.end(0);
    await expect(Promise.all(answers)).resolves.toEqual([100, 200]);
  });

  it('does not wait for those who come after them', async () => {
    const [upstream, downstream] = [controlledRun(), controlledRun()];
    const source = new Gatherer(upstream.run, bounds);
    const runs = new Gatherer(downstream.run, { ...bounds, source });
    const first = source.add(1);
    await turn();
    const answer = runs.add(2);
    const later = source.add(3);
    upstream.end(0);
    await first;
    await turns();
    expect(upstream.batches).toEqual([[1], [3]]);
    expect(downstream.batches).toEqual([[2]]);
    upstream.end(1);
    downstream.end(0);
    await expect(Promise.all([answer, later])).resolves.toEqual([20, 30]);
  });
});
