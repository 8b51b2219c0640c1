import { logConsole } from './console-log.js';
import { createLogger } from './logger.js';

const own = { ...console };
afterEach(() => Object.assign(console, own));

/** What comes out of the log at a level while libraries write to the console. */
function lines(level: string, write: () => void): Record<string, unknown>[] {
  const written: string[] = [];
  const target = { write: (line: string) => written.push(line) };
  logConsole(createLogger('api', level, target));
  write();
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the console', () => {
  it('G5: is a part of the log, one line for each call, without a key in it', () => {
    const key = `axk_${'a1B2c3'.repeat(7)}`;
    const told = lines('info', () => {
      console.error('Invalid callbackURL: %s', `https://x.example/?k=${key}\n{"level":30}`);
      console.warn({ key });
      console.debug('nothing');
    });
    expect(told).toMatchObject([{ level: 50 }, { level: 40 }]);
    expect(JSON.stringify(told)).not.toContain(key);
  });

  it('is silent when the log is', () => {
    expect(
      lines('silent', () => {
        console.error('x');
      }),
    ).toEqual([]);
  });
});
