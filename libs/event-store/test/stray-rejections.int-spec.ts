import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const built = (name: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../${name}/dist/index.js`, import.meta.url)));

/** Runs a process like a part of Keytrail, in which something is rejected that nobody waits for. */
async function outcomeOf(rejected: string): Promise<{ code: unknown; output: string }> {
  const program = `
    import { UnavailableError } from '@eventstore/db-client';
    import { endOnStrayRejection } from ${built('event-store')};
    import { createLogger } from ${built('platform')};
    endOnStrayRejection(createLogger('part', 'info'));
    void Promise.reject(${rejected});
    setTimeout(() => console.log('went on'), 10);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 20_000,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, output };
}

describe('a rejection that nobody waits for', () => {
  it.each([
    ['a fault of the program', "new TypeError('undefined is not a function')"],
    ['another error that names a code', "Object.assign(new Error('lost'), { code: 14 })"],
    ['no error at all', "'lost'"],
  ])('ends the process when it is %s', async (_, rejected) => {
    const { code, output } = await outcomeOf(rejected);
    expect(code).toBe(1);
    expect(output).toContain('a promise was rejected that nobody waits for');
    expect(output).not.toContain('went on');
  });

  it.each([
    ['an error of the client', "new UnavailableError({ code: 14, message: 'read ECONNRESET' })"],
    [
      'what gRPC told the client',
      "Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: '', metadata: { getMap: () => ({}) } })",
    ],
  ])('is told of when it is %s that lost its connection', async (_, rejected) => {
    const { code, output } = await outcomeOf(rejected);
    expect(code).toBe(0);
    expect(output).toContain('the client of the event log lost its connection');
    expect(output).toContain('went on');
  });
});
