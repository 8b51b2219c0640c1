import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { freePort } from '../support/net/free-port.js';
import { type Product, startProduct } from '../product/product.js';
import { InstalledPackage } from '../support/installed-package.js';

const BLOCK = /```js\n\/\/ (\S+)\n([\s\S]*?)```/g;
const NAMES = ['quickstart.mjs', 'follow.mjs', 'service.mjs', 'errors.mjs', 'export.mjs'];

describe('docs/sdk.md, pasted', () => {
  let product: Product;
  let client: Client;
  let installed: InstalledPackage;
  let session: Awaited<ReturnType<Client['signUp']>>;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    [product, installed] = await Promise.all([startProduct(), InstalledPackage.create('sdk')]);
    client = new Client(product.url);
    session = await client.signUp();
    const { apiKey } = await client.createKey(session, 'Production Key');
    env = { KEYTRAIL_BASE_URL: product.url, KEYTRAIL_API_KEY: apiKey };
    const text = await readFile('docs/sdk.md', 'utf8');
    for (const [, name = '', code = ''] of text.matchAll(BLOCK)) {
      await installed.write(name, code);
      await installed.write(name.replace('.mjs', '.mts'), code);
    }
  }, 90_000);
  afterAll(async () => {
    await installed.remove();
    await client.close();
    await product.stop();
  }, 30_000);

  it('has no type errors', async () => {
    const options = ['--module', 'nodenext', '--lib', 'es2022', '--types', 'node'];
    const names = NAMES.map((name) => name.replace('.mjs', '.mts'));
    expect(await installed.typeErrors(names, options)).toBe('');
  }, 60_000);

  it('quickstart.mjs tells who calls and lists the active keys', async () => {
    const program = installed.start('quickstart.mjs', env);
    await program.line(/^Calling for Ada with Production Key \(axk_....…\)$/);
    await program.line(/^axk_....… {2}Production Key, last used \d{4}-/);
    expect(await program.end()).toBe(0);
  });

  it('follow.mjs follows, stops and goes on where it was', async () => {
    const program = installed.start('follow.mjs', env);
    const created = await client.createKey(session, 'Followed');
    await program.line(new RegExp(`key.created.v1 ${created.apiKeyId}`));
    const code = program.end('SIGTERM');
    await program.line(/^Stopped after \d+/);
    expect(await code).toBe(0);
    const kept = await readFile(join(installed.dir, 'position.txt'), 'utf8');
    expect(kept).toMatch(/^\d+(-\d+)?$/);

    const again = installed.start('follow.mjs', env);
    await client.revoke(session, created.apiKeyId);
    await again.line(new RegExp(`key.revoked.v1 ${created.apiKeyId}`));
    await expect(Promise.race([again.line(/key.created.v1/), again.end('SIGTERM')])).resolves.toBe(
      0,
    );
  }, 60_000);

  it('service.mjs lets an active key in and refuses it once it is revoked', async () => {
    const port = await freePort();
    const program = installed.start('service.mjs', { ...env, PORT: String(port) });
    await program.line(/^Listening on/);
    const caller = await client.createKey(session, 'Caller');
    const call = async (): Promise<readonly [number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${port}/orders`, {
        headers: { authorization: `Bearer ${caller.apiKey}` },
      });
      return [answer.status, await answer.text()];
    };
    expect(await call()).toEqual([200, 'Hello, Caller\n']);
    await client.revoke(session, caller.apiKeyId);
    expect(await call()).toEqual([401, 'revoked_key\n']);
    await program.end('SIGKILL');
  });

  it('errors.mjs tells the code', async () => {
    const program = installed.start('errors.mjs', env);
    await program.line(/^not_found 404 There is no /);
    expect(await program.end()).toBe(0);
  });

  it('export.mjs writes the audit trail', async () => {
    const program = installed.start('export.mjs', env);
    await program.line(/^audit-trail.csv written; [1-9]\d* uses so far$/);
    expect(await program.end()).toBe(0);
    const csv = await readFile(join(installed.dir, 'audit-trail.csv'), 'utf8');
    expect(csv).toMatch(/^\ufeff"position","id","type","at",/);
  });
});
