import { generateKey } from '@keytrail/domain';
import type { Page } from 'playwright-core';
import { createKey, useKey } from '../stage/api.js';
import { memoryHolds } from '../stage/heap.js';
import { open } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

/** Types as a paste does, without any script of the page or of the test that would hold the text. */
async function paste(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.insertText(text);
}

/** Everything that the scripts of a page asked for, with the bodies. */
function recordRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) return;
    requests.push(`${request.url()} ${request.postData() ?? ''}`);
  });
  return requests;
}

/** All that the browser keeps of where a page has been and of what it stored. */
async function traces(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  await session.detach();
  const kept = await page.evaluate(`JSON.stringify([location.href, history.state,
    { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML,
    Array.from(document.querySelectorAll('input'), ({ value }) => value)])`);
  return `${entries.map(({ url }) => url).join(' ')} ${String(kept)}`;
}

export function pastedKeys(stage: Stage): void {
  it('finds a key by its whole text wherever people search, and keeps nothing of it', async () => {
    const { page, consoleTexts, faults } = await stage.owner();
    const wanted = await createKey(page, 'Wanted');
    await createKey(page, 'Another');
    await useKey(stage.url, wanted.apiKey);
    const requests = recordRequests(page);
    await page.getByRole('rowheader', { name: 'Another' }).waitFor();
    await paste(page, 'Search by name or prefix', ` Bearer ${wanted.apiKey}`);
    await page.waitForURL(`**/?q=${wanted.apiKeyId}`);
    await page.getByRole('rowheader', { name: 'Another' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['Wanted']);

    await open(page, '/audit', 'Audit trail');
    await paste(page, 'Actor (exact)', wanted.apiKey);
    await page.waitForURL(`**/audit?actor=${wanted.apiKeyId}`);
    await page
      .getByRole('rowheader', { name: 'Key created' })
      .first()
      .waitFor({ state: 'detached' });
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['Key usedGET /v1/me']);

    await open(page, '/transactions', 'Transactions');
    await paste(page, 'Key', wanted.apiKey);
    await page.waitForURL(`**/transactions?key=${wanted.apiKeyId}`);
    await page.getByRole('rowheader', { name: '/v1/me' }).waitFor();

    const secret = wanted.apiKey.slice(8);
    for (const left of [requests, consoleTexts, [await traces(page)]])
      expect(left.join('\n')).not.toContain(secret);
    expect(await memoryHolds(page, secret)).toBe(false);
    expect(faults).toEqual([]);
  });

  it('says so when it is no key of the account, and cuts what begins like one', async () => {
    const { page } = await stage.owner();
    const { apiKey, keyPrefix } = await createKey(page, 'Wanted');
    await createKey(page, 'Another');
    const requests = recordRequests(page);
    const search = 'Search by name or prefix';
    const foreign = generateKey('axk');
    await paste(page, search, foreign);
    await page.getByText('This is no key of this account.').waitFor();
    await page.getByLabel(search).fill('');
    await page.getByLabel(search).pressSequentially(apiKey.slice(0, 20));
    await page.waitForURL(`**/?q=${keyPrefix}`);
    expect(await page.getByLabel(search).inputValue()).toBe(keyPrefix);
    await page.getByRole('rowheader', { name: 'Wanted' }).waitFor();
    const left = [...requests, await traces(page)].join('\n');
    for (const key of [foreign, apiKey]) expect(left).not.toContain(key.slice(4, 10));
  });

  it('takes a key out of an address that somebody opens', async () => {
    const { page } = await stage.owner();
    const { apiKey, keyPrefix } = await createKey(page, 'Wanted');
    const requests = recordRequests(page);
    await open(page, `/?q=${apiKey}`, 'API Keys');
    await page.getByRole('rowheader', { name: 'Wanted' }).waitFor();
    expect(new URL(page.url()).search).toBe(`?q=${keyPrefix}`);
    expect([...requests, await traces(page)].join('\n')).not.toContain(apiKey.slice(8));
  });
}
