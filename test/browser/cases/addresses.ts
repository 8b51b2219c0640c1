import type { Locator, Page } from 'playwright-core';
import { createKey } from '../stage/api.js';
import { open } from '../stage/pages.js';
import type { Person, Stage } from '../stage/stage.js';

const KEYS = 55;

const service = (page: Page, name: string): Locator => page.getByRole('rowheader', { name });

async function ownerOfManyKeys(stage: Stage): Promise<Person> {
  const owner = await stage.owner();
  for (let number = 1; number <= KEYS; number += 1) {
    await createKey(owner.page, `Service ${String(number).padStart(2, '0')}`);
  }
  return owner;
}

export function addresses(stage: Stage): void {
  it('keeps filters and pages in the address, so that a link shows the same to others', async () => {
    const owner = await ownerOfManyKeys(stage);
    const { page } = owner;
    await page.getByText(`Active keys: ${KEYS}`, { exact: true }).waitFor();
    await service(page, 'Service 55').waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(50);
    await page.getByRole('button', { name: 'Next' }).click();
    await service(page, 'Service 01').waitFor();
    const shown = await page.getByRole('rowheader').allTextContents();
    expect(shown).toEqual(['Service 05', 'Service 04', 'Service 03', 'Service 02', 'Service 01']);

    const other = await stage.again(owner, page.url());
    await service(other.page, 'Service 01').waitFor();
    expect(await other.page.getByRole('rowheader').allTextContents()).toEqual(shown);
    await page.getByRole('button', { name: 'Previous' }).click();
    await service(page, 'Service 55').waitFor();

    await page.getByLabel('Search by name or prefix').fill('service 2');
    await page.waitForURL(/q=service\+2/);
    await service(page, 'Service 29').waitFor();
    await service(page, 'Service 55').waitFor({ state: 'detached' });
    await page.reload();
    await service(page, 'Service 29').waitFor();
    expect(await page.getByLabel('Search by name or prefix').inputValue()).toBe('service 2');
    await page.getByLabel('Status').selectOption('Revoked');
    await page.getByText('No key matches').waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('Revoked');
  });

  it('filters the audit trail by address and exports the same entries', async () => {
    const { page, faults } = await stage.owner();
    const { apiKeyId } = await createKey(page, 'Production Key');
    await createKey(page, 'Other Key');
    await open(page, `/audit?key=${apiKeyId}&type=KeyCreated`, 'Audit trail');
    await page.getByRole('rowheader').first().waitFor();
    expect(await page.getByRole('rowheader').allTextContents()).toEqual([
      'Key createdProduction Key',
    ]);
    expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('Production Key');
    const position = await page.locator('td code').first().textContent();

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export JSONL' }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) {
      chunks.push(chunk as Buffer);
    }
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { type: 'KeyCreated', apiKeyId, position },
    ]);

    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('Key createdOther Key').waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(faults).toEqual([]);
  });

  it('says what is wrong with a filter in the address instead of an empty list', async () => {
    const { page } = await stage.owner();
    await open(page, '/audit?type=keyused', 'Audit trail');
    await page.getByText(/must be event types, .*KeyUsed/).waitFor();
    await open(page, '/transactions?from=2026-01-02T00:00Z&to=2026-01-01T00:00Z', 'Transactions');
    await page.getByText('to must be after from').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('No requests yet').waitFor();
    await open(page, '/audit?order=sideways', 'Audit trail');
    await page.getByText(/order must be/).waitFor();
    await page.getByRole('button', { name: 'Show without filters' }).click();
    await page.getByRole('rowheader', { name: /Account opened/ }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('picks a key by typing and remembers where to go after signing in', async () => {
    const { page, context, email } = await stage.owner();
    const { apiKeyId } = await createKey(page, 'Production Key');
    await open(page, '/transactions', 'Transactions');
    await page.getByLabel('Key', { exact: true }).fill('produ');
    await page.getByRole('option', { name: /Production Key/ }).click();
    await page.waitForURL(`**/transactions?key=${apiKeyId}`);
    await page.goto('/docs');
    await context.clearCookies();
    await page.goto(`/transactions?key=${apiKeyId}`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Email and password do not match.').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`**/transactions?key=${apiKeyId}`);
  });
}
