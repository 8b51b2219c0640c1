import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { SignedUp, TestApp } from '../../apps/api/test/harness/app.js';

jest.setTimeout(60_000);

const checkingKeys = ['nginx.conf', 'traefik.yml', 'Caddyfile'].map(
  (name) => `forward-auth/${name}`,
);
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

/** A program of the documentation, as it stands there. */
class Program {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly failures: string[] = [];
  private notify = (): void => undefined;

  constructor(file: string, env: Readonly<Record<string, string>>) {
    const [command, path] = file.endsWith('.sh')
      ? ['bash', file]
      : [process.execPath, join(docs, 'examples', file)];
    this.child = spawn(command, [path], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('the program has no output');
    createInterface({ input: stdout }).on('line', (line) => {
      this.lines.push(line);
      this.notify();
    });
    createInterface({ input: stderr }).on('line', (line) => {
      this.failures.push(line);
      this.notify();
    });
  }

  async says(text: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(text))) {
      if (this.failures.length > 0) throw new Error(this.failures.join('\n'));
      await new Promise<void>((resolve) => (this.notify = resolve));
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

// One of them follows the log itself, from its beginning and with the events of all accounts.
describeWithOwnEventStore('the examples of the documentation', () => {
  let app: TestApp;
  let ada: SignedUp;
  let apiKey: string;
  let dir: string;
  const programs: Program[] = [];
  beforeAll(async () => {
    app = await startTestApp({ newLog: true });
    ada = await app.signUp();
    ({ apiKey } = await app.createKey(ada.cookie, 'Follower'));
    dir = await mkdtemp(join(tmpdir(), 'keytrail-examples-'));
  });
  afterAll(async () => {
    for (const program of programs) await program.kill().catch(() => undefined);
    await app.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const run = (file: string): Program => {
    const program = new Program(file, {
      KEYTRAIL_URL: app.baseUrl,
      KEYTRAIL_API_KEY: apiKey,
      EVENTSTOREDB_URL: app.stores.eventStoreUrl,
      POSITION_FILE: join(dir, 'position'),
      CHECKPOINT_FILE: join(dir, 'checkpoint'),
    });
    programs.push(program);
    return program;
  };

  it.each(['follow-events.mjs', 'native-subscription.mjs'])(
    '%s sees each event, also those of the time when it was not running',
    async (file) => {
      const before = await app.createKey(ada.cookie, 'Before');
      const first = run(file);
      await first.says(before.apiKeyId);
      const during = await app.createKey(ada.cookie, 'During');
      await first.says(during.apiKeyId);
      await first.kill();
      programs.pop();
      const meanwhile = await app.createKey(ada.cookie, 'Meanwhile');
      const second = run(file);
      await second.says(meanwhile.apiKeyId);
      // After a kill at the worst moment the last event may come again, older ones never.
      expect(second.lines.join('\n')).not.toContain(before.apiKeyId);
      await second.kill();
      programs.pop();
    },
  );

  it('follow-live.mjs sees what happened and what happens', async () => {
    const before = await app.createKey(ada.cookie, 'Before');
    const program = run('follow-live.mjs');
    await program.says(before.apiKeyId);
    const after = await app.createKey(ada.cookie, 'After');
    await program.says(after.apiKeyId);
  });

  it('the commands work when they are pasted', async () => {
    const feed = run(await pasted('event-feed.md'));
    await feed.says('"type":"keytrail.account.opened.v1"');
    const check = run(await pasted('checking-keys.md'));
    await check.says('"active":true');
  });

  /** The first commands of a page as a script, with an address and keys that exist. */
  async function pasted(page: string): Promise<string> {
    const text = await readFile(join(docs, page), 'utf8');
    const [, commands = ''] = /```sh\n([^]*?)```/.exec(text) ?? [];
    const filled = commands
      .replace('http://127.0.0.1:3000', app.baseUrl)
      .replaceAll('axk_…', apiKey);
    const file = join(dir, `${page}.sh`);
    await writeFile(file, filled);
    return file;
  }

  it.each([
    ['event-feed.md', ['follow-events.mjs', 'follow-live.mjs']],
    ['native-subscription.md', ['native-subscription.mjs']],
    ['checking-keys.md', [...checkingKeys, '../../test/example-service/orders.ts']],
  ])('%s shows them as they are run', async (page, examples) => {
    const text = await readFile(join(docs, page), 'utf8');
    for (const example of examples) {
      expect(text).toContain(await readFile(join(docs, 'examples', example), 'utf8'));
    }
  });
});
