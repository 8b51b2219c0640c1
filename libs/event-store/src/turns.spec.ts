import { Turns } from './turns.js';

/** Work that ends when it is told to. */
function task(name: string, done: string[]) {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async (): Promise<string> => {
    done.push(`${name} begins`);
    await ended;
    done.push(`${name} ends`);
    return name;
  };
  return { work, end };
}

describe('turns', () => {
  it('are one at a time for one key, in the order in which they were asked for', async () => {
    const turns = new Turns({ maxWaiting: 10, waitMs: 60_000 });
    const done: string[] = [];
    const [a, b, c] = [task('a', done), task('b', done), task('c', done)];
    const all = [a, b, c].map(({ work }) => turns.take('key', work));
    for (const { end } of [c, b, a]) end();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
    expect(done.filter((_, index) => index % 2 === 0)).toEqual([
      'a begins',
      'b begins',
      'c begins',
    ]);
    expect(done.filter((_, index) => index % 2 === 1)).toEqual(['a ends', 'b ends', 'c ends']);
  });

  it('of different keys do not wait for each other', async () => {
    const turns = new Turns({ maxWaiting: 10, waitMs: 60_000 });
    const done: string[] = [];
    const slow = task('slow', done);
    const first = turns.take('one', slow.work);
    expect(await turns.take('other', () => Promise.resolve('quick'))).toBe('quick');
    slow.end();
    await first;
  });

  it('come after a failure too', async () => {
    const turns = new Turns({ maxWaiting: 10, waitMs: 60_000 });
    const failing = turns.take('key', () => Promise.reject(new Error('failed')));
    const next = turns.take('key', () => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });

  it('are refused at once when too many wait, and after a while when none comes', async () => {
    const turns = new Turns({ maxWaiting: 1, waitMs: 5 });
    const slow = task('slow', []);
    const first = turns.take('key', slow.work);
    const second = turns.take('key', () => Promise.resolve('second'));
    const full = { code: 'queue_full' };
    await expect(turns.take('key', () => Promise.resolve('third'))).rejects.toMatchObject(full);
    await expect(second).rejects.toMatchObject(full);
    slow.end();
    await first;
    expect(await turns.take('key', () => Promise.resolve('fourth'))).toBe('fourth');
  });
});
