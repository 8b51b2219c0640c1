// Takes the pictures of the README: starts the built product, fills it, and visits each page.
// Usage: npm run screenshots
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../test/support/browser.js';
import { startProduct } from '../test/product/product.js';
import { productStores } from '../test/product/stores.js';
import { type Owner, seed } from './screenshots/seed.js';

const directory = fileURLToPath(new URL('../docs/images/', import.meta.url));

const pages = [
  ['api-keys', '/'],
  ['usage', '/usage'],
  ['transactions', '/transactions'],
  ['audit', '/audit'],
  ['events', '/events?from=start'],
  ['members', '/members'],
  ['quickstart', '/quickstart'],
] as const;

async function save(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${directory}${name}.png` });
}

/** Goes to a page and waits until what it shows has arrived. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.locator('[data-live="true"]').first().waitFor({ state: 'attached' });
}

async function signUp(page: Page): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await save(page, 'sign-up');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'API Keys' }).waitFor();
}

async function ownerOf(page: Page): Promise<Owner> {
  const { account, user } = (await (await page.request.get('/v1/me')).json()) as {
    account: { id: string };
    user: { id: string; email: string };
  };
  return { accountId: account.id, actor: { type: 'user', id: user.id, label: user.email } };
}

/** A second person on the Members page, who reads and changes nothing. */
async function addReviewer(browser: Browser, page: Page, url: string): Promise<void> {
  const email = 'grace@example.com';
  const answer = await page.request.post('/v1/invitations', { data: { email, role: 'reviewer' } });
  const invitation = (await answer.json()) as { url: string };
  const { page: other, context } = await visit(browser, url);
  await other.goto(invitation.url);
  await other.getByLabel('Name').fill('Grace Hopper');
  await other.getByLabel('Password').fill('correct horse battery');
  await other.getByRole('button', { name: 'Create account' }).click();
  await other.getByRole('button', { name: 'Join', exact: true }).click();
  await other.getByRole('heading', { name: 'Issued Keys' }).waitFor();
  await context.close();
}

async function takePictures(page: Page): Promise<void> {
  for (const [name, path] of pages) {
    await open(page, path);
    await save(page, name);
  }
  await open(page, '/');
  await page.getByRole('link', { name: 'Old website', exact: true }).click();
  await page.getByRole('heading', { name: /History of/ }).waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await save(page, 'key-history');
}

async function takeOthers(browser: Browser, page: Page, url: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, '/');
  await save(page, 'api-keys-dark');
  await open(page, '/usage');
  await save(page, 'usage-dark');
  const { page: phone, context } = await visit(browser, url, {
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    storageState: await page.context().storageState(),
  });
  await open(phone, '/');
  await save(phone, 'api-keys-phone');
  await context.close();
}

async function main(): Promise<void> {
  await mkdir(directory, { recursive: true });
  // Its own stores, so that the uses of the past month can be written into the log.
  const stores = await productStores();
  const product = await startProduct({
    env: { EVENTSTOREDB_URL: stores.eventStoreUrl, MONGODB_URL: stores.mongoUrl },
  });
  const browser = await launchBrowser();
  try {
    const { page } = await visit(browser, product.url);
    await signUp(page);
    await seed(stores.eventStoreUrl, await ownerOf(page));
    await addReviewer(browser, page, product.url);
    await takePictures(page);
    await takeOthers(browser, page, product.url);
  } finally {
    await browser.close();
    await product.stop();
    await stores.stop();
  }
}

await main();
