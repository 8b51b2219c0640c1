import { Repeats } from './repeats.js';

/** A clock that moves when it is told to. */
function handClock() {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  return {
    after: (run: () => void, delayMs: number) => {
      due.push({ at: now + delayMs, run });
    },
    pass: (ms: number) => {
      now += ms;
      for (const timer of due.splice(0)) {
        if (timer.at <= now) timer.run();
        else due.push(timer);
      }
    },
  };
}

type Told = readonly [entry: string, count: number, first: boolean];

function repeats(maxCauses?: number) {
  const { after, pass } = handClock();
  const told: Told[] = [];
  const tell = (...line: Told): void => {
    told.push(line);
  };
  const options = { intervalMs: 10_000, after, tell, ...(maxCauses && { maxCauses }) };
  return { log: new Repeats<string>(options), told, pass };
}

describe('repeats', () => {
  it('tells the first entry of a cause at once', () => {
    const { log, told } = repeats();
    log.add('down', 'a');
    expect(told).toEqual([['a', 1, true]]);
  });

  it('tells all others once in an interval, with the newest of them and their number', () => {
    const { log, told, pass } = repeats();
    log.add('down', 'a');
    for (const entry of ['b', 'c', 'd']) log.add('down', entry);
    expect(told).toHaveLength(1);
    pass(10_000);
    log.add('down', 'e');
    expect(told.slice(1)).toEqual([['d', 3, false]]);
    pass(10_000);
    expect(told.slice(2)).toEqual([['e', 1, false]]);
  });

  it('takes a cause for a new one after an interval of silence', () => {
    const { log, told, pass } = repeats();
    log.add('down', 'a');
    pass(10_000);
    expect(told).toHaveLength(1);
    log.add('down', 'b');
    expect(told.slice(1)).toEqual([['b', 1, true]]);
  });

  it('tells causes apart', () => {
    const { log, told } = repeats();
    log.add('down', 'a');
    log.add('slow', 'b');
    expect(told).toEqual([
      ['a', 1, true],
      ['b', 1, true],
    ]);
  });

  it('counts every entry once, however many causes there are', () => {
    const { log, told, pass } = repeats(2);
    for (let each = 0; each < 1_000; each += 1) log.add(`cause ${each % 7}`, 'x');
    pass(10_000);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.reduce((sum, [, count]) => sum + count, 0)).toBe(1_000);
  });
});
