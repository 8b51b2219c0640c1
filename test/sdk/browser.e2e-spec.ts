import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../support/browser.js';
import { Client } from '../support/client.js';
import { type Product, startProduct } from '../product/product.js';

type Sdk = typeof import('../../libs/sdk/src/index.js');

const PAGE = `<!doctype html><title>Page</title>
<script type="importmap">{ "imports": { "eventsource-parser": "/parser/index.js" } }</script>`;

describe('the SDK in Chromium', () => {
  let product: Product;
  let browser: Browser;
  let client: Client;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
    client = new Client(product.url);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await client.close();
    await product.stop();
  }, 30_000);

  it('reads, follows the events, checks keys and tells errors apart, as a module without a bundler', async () => {
    const session = await client.signUp();
    const { apiKey, apiKeyId } = await client.createKey(session, 'Browser');
    const { page, context, faults } = await visit(browser, product.url);
    await page.route('**/page.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: PAGE }),
    );
    await serveScripts(page, '/sdk/', 'libs/sdk/dist');
    await serveScripts(page, '/parser/', 'node_modules/eventsource-parser/dist');
    await page.goto('/page.html');

    const seen = await page.evaluate(
      async ({ key, url }) => {
        // A name that the compiler cannot follow, as it is one of the page.
        const address = '/sdk/index.js';
        const { Keytrail } = (await import(address)) as Sdk;
        const keytrail = new Keytrail({ apiKey: key, baseUrl: url });
        const me = await keytrail.me();
        const types: string[] = [];
        for await (const { type, subject } of keytrail.events({ from: 'start' })) {
          types.push(type);
          if (subject === me.apiKey.id && type === 'keytrail.key.used.v1') break;
        }
        let exported = 0;
        for await (const entry of keytrail.audit.export()) exported += entry.position ? 1 : 0;
        const request = { method: 'GET', path: '/' };
        const { active } = await keytrail.verify({ apiKey: key, request });
        const lost = await keytrail.keys
          .get('key_lost')
          .catch((error: unknown) => error as { code: string });
        const missing = (() => {
          try {
            return new Keytrail();
          } catch (error) {
            return error as { code: string };
          }
        })();
        const codes = [lost, missing].map((each) => ('code' in each ? each.code : ''));
        return {
          id: me.apiKey.id,
          types,
          exported,
          active,
          codes,
          printed: JSON.stringify(keytrail),
        };
      },
      { key: apiKey, url: product.url },
    );

    expect(seen).toMatchObject({
      id: apiKeyId,
      active: true,
      codes: ['not_found', 'missing_api_key'],
    });
    expect(seen.types).toContain('keytrail.key.created.v1');
    expect(seen.exported).toBeGreaterThan(3);
    expect(seen.printed).not.toContain(apiKey);
    // The browser itself reports the one answer that was meant to be an error.
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    await context.close();
  }, 60_000);
});

const serveScripts = (page: Page, prefix: string, dir: string): Promise<void> =>
  page.route(`**${prefix}**`, async (route) => {
    const file = new URL(route.request().url()).pathname.replace(prefix, '');
    await route.fulfill({ contentType: 'text/javascript', body: await readFile(`${dir}/${file}`) });
  });
