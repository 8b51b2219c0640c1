import type { Page } from 'playwright-core';
import { createKey, useKey } from '../stage/api.js';
import { open } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

const create = async (page: Page, name: string): Promise<void> => {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
};

const secretOn = async (page: Page): Promise<string> =>
  (await page.getByRole('group', { name: 'Latest key' }).locator('code').textContent()) ?? '';

/** The width within the margins of A4, landscape. */
const PAPER = { width: 1032, height: 703 };

/** What stands beyond the edge of the paper or is cut off on it. */
const lost = `Array.from(document.querySelectorAll('main *')).filter((element) => {
  if (!element.checkVisibility()) return false;
  if (element.closest('.visually-hidden')) return false;
  const { right } = element.getBoundingClientRect();
  const isCut = getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
  return right > innerWidth + 1 || isCut;
}).map((element) => element.outerHTML.slice(0, 120))`;

export function claims(stage: Stage): void {
  it('asks before a key is lost that nobody has copied, whatever takes it away', async () => {
    const { page } = await stage.owner();
    await create(page, 'First');
    const first = await secretOn(page);
    const dialog = page.getByRole('alertdialog');
    await page.getByRole('button', { name: 'Close latest key' }).click();
    await dialog.getByText('Close without copying the key?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await create(page, 'Second');
    await dialog.getByText('Create another key without copying this one?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Owner$/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await dialog.getByText('Leave without copying the key?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await secretOn(page)).toBe(first);
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['First']);

    await create(page, 'Second');
    await dialog.getByRole('button', { name: 'Create another' }).click();
    await page.getByRole('rowheader', { name: 'Second' }).waitFor();
    await page.getByRole('button', { name: 'Close latest key' }).click();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('group', { name: 'Latest key' }).waitFor({ state: 'detached' });
  });

  it('knows a key as copied that was selected and copied by the keyboard', async () => {
    const { page } = await stage.owner();
    await create(page, 'Production Key');
    const secret = await secretOn(page);
    await page.getByRole('group', { name: 'Latest key' }).locator('code').click({ clickCount: 3 });
    await page.keyboard.press('ControlOrMeta+C');
    await page.getByText('Latest key copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(secret);
    await page.getByRole('button', { name: 'Close latest key' }).click();
    await page.getByRole('group', { name: 'Latest key' }).waitFor({ state: 'detached' });
  });

  it('says at the first failed request that nothing answers, and is not called live meanwhile', async () => {
    const { page, context } = await stage.owner();
    const live = page.locator('.live-mark[data-live=true]').first();
    await live.waitFor();
    await context.route('**/v1/**', (route) => route.abort());
    await page.getByLabel('Search by name or prefix').fill('made');
    await page.getByText('Keytrail does not answer.').waitFor();
    expect(await page.getByText('This could not be loaded').count()).toBe(0);
    expect(await live.count()).toBe(0);
    await context.unroute('**/v1/**');
    await live.waitFor();
    await page.getByText('Keytrail does not answer.').waitFor({ state: 'detached' });
  });

  it('loads by itself what was not answered once, when it is answered again', async () => {
    const { page, context } = await stage.owner();
    const active = /\/v1\/api-keys\?status=Active/;
    await context.route(active, (route) => route.abort());
    await open(page, '/usage', 'Usage');
    const card = page.getByRole('region', { name: 'Unused keys' });
    await card.getByText('This could not be loaded').waitFor();
    await context.unroute(active);
    await card.getByText('No key is unused for 30 days').waitFor();
  });

  it('says that half a date filters nothing', async () => {
    const { page } = await stage.owner();
    await open(page, '/transactions', 'Transactions');
    await page.getByLabel('From (UTC)').focus();
    await page.keyboard.type('0131');
    await page.keyboard.press('Enter');
    await page.getByText('This date is not complete').waitFor();
    await page.getByLabel('From (UTC)').fill('2026-01-31T09:30');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=2026-01-31T09%3A30Z/);
    await page.getByText('This date is not complete').waitFor({ state: 'detached' });
  });

  it('draws the Usage page in a browser whose language nobody knows', async () => {
    const { page, context, faults } = await stage.signedIn();
    await context.addInitScript(
      `Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' });`,
    );
    await page.goto('/');
    const { apiKey } = await createKey(page, 'Production Key');
    await useKey(stage.url, apiKey);
    await open(page, '/usage', 'Usage');
    await page.getByRole('img', { name: /Bar chart: 1 use/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it('prints all of a page, within the paper, and nothing that can only be pressed', async () => {
    const { page } = await stage.owner({ colorScheme: 'dark' });
    const { apiKey } = await createKey(page, 'W'.repeat(80));
    await fetch(`${stage.url}/v1/me`, {
      headers: { authorization: `Bearer ${apiKey}`, 'user-agent': `Mozilla/5.0 ${'x'.repeat(90)}` },
    });
    await page.getByRole('radio', { name: 'Dark' }).click();
    for (const [path, heading] of [
      ['/', 'API Keys'],
      ['/usage', 'Usage'],
      ['/transactions', 'Transactions'],
      ['/audit', 'Audit trail'],
      ['/members', 'Members'],
    ] as const) {
      await open(page, path, heading);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize(PAPER);
      expect([path, await page.evaluate(lost)]).toEqual([path, []]);
      for (const hidden of ['.sidebar', '.top-bar', '.skip-link', '.filters', '.button'])
        expect([
          path,
          hidden,
          await page.locator(hidden).filter({ visible: true }).count(),
        ]).toEqual([path, hidden, 0]);
      expect(await page.evaluate('getComputedStyle(document.documentElement).color')).toBe(
        'rgb(26, 27, 37)',
      );
      await page.emulateMedia({ media: 'screen' });
      await page.setViewportSize({ width: 1280, height: 860 });
    }
  });
}
