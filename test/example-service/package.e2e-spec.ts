import { readFile } from 'node:fs/promises';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { TestApp } from '../../apps/api/test/harness/app.js';
import { freePort } from '../support/net/free-port.js';
import { InstalledPackage } from '../support/installed-package.js';

const BLOCK = /```ts\n\/\/ (\S+)\n([\s\S]*?)```/g;
const NEST = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}`);
const COMPILED = ['--module', 'nodenext', '--types', 'node', '--noEmit', 'false'];
const DECORATED = ['--experimentalDecorators', '--emitDecoratorMetadata', '--skipLibCheck'];

describe('the packed guard', () => {
  let keytrail: TestApp;
  let installed: InstalledPackage;

  beforeAll(async () => {
    [keytrail, installed] = await Promise.all([
      startTestApp(),
      InstalledPackage.create('guard', NEST),
    ]);
  });
  afterAll(async () => {
    await installed.remove();
    await keytrail.stop();
  });

  it('contains its code, its declarations and its README, and no source', () => {
    expect(installed.strayFiles()).toEqual({ missing: [], foreign: [] });
  });

  it('guards the service of docs/checking-keys.md, pasted into a project', async () => {
    const text = await readFile('docs/checking-keys.md', 'utf8');
    const blocks = [...text.matchAll(BLOCK)];
    for (const [, name = '', code = ''] of blocks) await installed.write(name, code);
    const names = blocks.map(([, name = '']) => name);
    expect(names).toEqual(['orders.ts', 'main.ts']);
    expect(await installed.typeErrors(names, [...COMPILED, ...DECORATED])).toBe('');

    const ada = await keytrail.signUp();
    const own = await keytrail.createKey(ada.cookie, 'Orders service');
    const caller = await keytrail.createKey(ada.cookie, 'Customer');
    const port = await freePort();
    const env = { KEYTRAIL_URL: keytrail.baseUrl, SERVICE_KEY: own.apiKey, PORT: String(port) };
    await installed.start('main.js', env).line(/^Listening on/);
    const call = async (): Promise<unknown> => {
      const headers = { authorization: `Bearer ${caller.apiKey}` };
      return (await fetch(`http://127.0.0.1:${port}/orders`, { headers })).json();
    };
    const orders = ['Tea', 'Cake'];
    expect(await call()).toEqual({ orders, for: 'Customer', keyId: caller.apiKeyId });
    const revoked = keytrail.http.delete(`/v1/api-keys/${caller.apiKeyId}`);
    await revoked.set('cookie', ada.cookie).expect(200);
    expect(await call()).toMatchObject({ status: 401, code: 'revoked_key' });
  });
});
