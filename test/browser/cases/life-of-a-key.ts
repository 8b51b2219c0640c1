import type { Page } from 'playwright-core';
import { hold, useKey } from '../stage/api.js';
import { memoryHolds } from '../stage/heap.js';
import { PASSWORD, type Stage } from '../stage/stage.js';

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const status = (page: Page, text: string) =>
  page.getByRole('status').getByText(text, { exact: true });

export function lifeOfAKey(stage: Stage): void {
  it('signs up, creates, copies, uses and revokes a key, with every text as promised', async () => {
    const { page, faults, consoleTexts } = await stage.visitor();
    await signUp(page, stage.newEmail());
    await page.getByText('Active keys: 0', { exact: true }).waitFor();
    await page.getByText('No keys yet').waitFor();

    const secret = await create(page);
    await page.getByText('Active keys: 1', { exact: true }).waitFor();
    expect(await page.getByRole('columnheader').allTextContents()).toEqual([
      'Name',
      'Prefix',
      'Last Used',
      'Status',
      'Action',
    ]);
    const issued = row(page, 'Production Key');
    await issued.getByText(`${secret.slice(0, 8)}…`, { exact: true }).waitFor();
    await issued.getByText('Never', { exact: true }).waitFor();
    await issued.getByText('Active', { exact: true }).waitFor();

    expect((await useKey(stage.url, secret)).status).toBe(200);
    await issued.getByText('just now').waitFor();

    await closeBox(page, secret);
    await revoke(page);
    expect((await useKey(stage.url, secret)).status).toBe(401);
    await readHistory(page);
    expect(consoleTexts.join('\n')).not.toContain(secret);
    expect(faults).toEqual([]);
  });
}

/** What a browser leaves out on plain http from another machine. */
const asOnPlainHttp = `delete Navigator.prototype.clipboard; delete Crypto.prototype.randomUUID;`;

export function keysOnPlainHttp(stage: Stage): void {
  it('creates and copies a key, and asks before one is left that nobody copied', async () => {
    const { page, context, faults } = await stage.signedIn();
    await context.addInitScript(asOnPlainHttp);
    await page.goto('/');
    const field = page.getByLabel('Name', { exact: true });
    await field.fill('Production Key');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const box = page.getByRole('group', { name: 'Latest key' });
    const secret = (await box.locator('code').textContent()) ?? '';

    await page.getByRole('link', { name: 'Usage' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Leave without copying the key?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await box.getByRole('button', { name: 'Copy', exact: true }).click();
    await status(page, 'Latest key copied').waitFor();
    await field.focus();
    await page.keyboard.press('ControlOrMeta+V');
    expect(await field.inputValue()).toBe(secret);

    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    expect(faults).toEqual([]);
  });
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'API Keys', exact: true }).waitFor();
}

async function create(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Create New Key' }).waitFor();
  const field = page.getByLabel('Name', { exact: true });
  await field.fill('Key 1');
  await page.getByText('This name says little.').waitFor();
  await field.fill('Production Key');
  const letGo = await hold(page, '**/v1/api-keys', 'POST');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await status(page, 'Creating API key…').waitFor();
  letGo();
  const box = page.getByRole('group', { name: 'Latest key' });
  const secret = (await box.locator('code').textContent()) ?? '';
  expect(secret).toMatch(/^axk_[0-9A-Za-z]{42}$/);
  await box.getByText(/only once/).waitFor();
  await box.getByRole('button', { name: 'Copy', exact: true }).click();
  await status(page, 'Latest key copied').waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
  return secret;
}

/** After its box is closed the secret is nowhere in the page any more. */
async function closeBox(page: Page, secret: string): Promise<void> {
  expect(await memoryHolds(page, secret)).toBe(true);
  await page.getByRole('button', { name: 'Close latest key' }).click();
  await page.getByRole('group', { name: 'Latest key' }).waitFor({ state: 'detached' });
  const kept = `JSON.stringify([location.href, document.documentElement.outerHTML,
    { ...localStorage }, { ...sessionStorage }, history.state])`;
  expect(await page.evaluate(kept)).not.toContain(secret);
  expect(await memoryHolds(page, secret)).toBe(false);
}

async function revoke(page: Page): Promise<void> {
  const issued = row(page, 'Production Key');
  await issued.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText(/This is final/).waitFor();
  await dialog.getByLabel('Reason (optional)').fill('Laptop lost');
  const letGo = await hold(page, '**/v1/api-keys/*', 'DELETE');
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await status(page, 'Revoking key…').waitFor();
  letGo();
  await issued.getByText('Revoked', { exact: true }).waitFor();
  await page.getByText('Active keys: 0', { exact: true }).waitFor();
  expect(await issued.getByRole('button').count()).toBe(0);
}

async function readHistory(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Production Key' }).click();
  await page.getByRole('heading', { name: 'History of “Production Key”' }).waitFor();
  await page.getByText('Reason: Laptop lost').waitFor();
  const entries = await page.getByRole('rowheader').allTextContents();
  expect(entries.slice(0, 3)).toEqual([
    'Key createdProduction Key',
    'Key usedGET /v1/me',
    'Key revokedReason: Laptop lost',
  ]);
}
