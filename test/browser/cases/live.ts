import { createKey, useKey } from '../stage/api.js';
import { open } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

export function live(stage: Stage): void {
  it('shows what happens elsewhere without a reload, in two browsers', async () => {
    const first = await stage.owner();
    const second = await stage.again(first, '/');
    await second.page.evaluate('window.sameDocument = true');
    const field = first.page.getByLabel('Name', { exact: true });
    await field.fill('Mobile App');
    await first.page.getByRole('button', { name: 'Create', exact: true }).click();
    const row = second.page.getByRole('row').filter({ hasText: 'Mobile App' });
    await row.getByText('Never', { exact: true }).waitFor();
    await second.page.getByText('Active keys: 1', { exact: true }).waitFor();

    const box = first.page.getByRole('group', { name: 'Latest key' });
    await useKey(stage.url, (await box.locator('code').textContent()) ?? '');
    await row.getByText('just now').waitFor();

    await first.page.getByRole('button', { name: 'Revoke Mobile App' }).click();
    await first.page.getByRole('button', { name: 'Revoke key' }).click();
    await row.getByText('Revoked', { exact: true }).waitFor();
    await second.page.getByText('Active keys: 0', { exact: true }).waitFor();
    expect(await second.page.evaluate('window.sameDocument')).toBe(true);
    expect([...first.faults, ...second.faults]).toEqual([]);
  });

  it('asks again and again while the feed or the whole service is not there', async () => {
    const { page, context } = await stage.signedIn();
    // Without shared workers each page has a feed of its own, whose requests can be cut.
    await context.addInitScript('delete window.SharedWorker');
    await context.route('**/v1/events*', (route) => route.abort());
    await page.goto('/');
    await page.getByText('Refreshing').first().waitFor({ state: 'attached' });
    await page.getByText('No keys yet').waitFor();
    await createKey(page, 'Made elsewhere');
    const row = page.getByRole('rowheader', { name: 'Made elsewhere' });
    await row.waitFor();

    // What is shown stays while nothing answers, and it goes on by itself.
    await context.route('**/v1/**', (route) => route.abort());
    await page.getByText('Keytrail does not answer.').waitFor();
    await row.waitFor();
    await page.getByLabel('Search by name or prefix').fill('made');
    await page.getByText('Keytrail cannot be reached.').waitFor();
    await context.unroute('**/v1/**');
    await row.waitFor();
    await page.getByText('Keytrail does not answer.').waitFor({ state: 'detached' });
  });

  it('shows the live feed, filters it, and holds it while paused', async () => {
    const { page, faults } = await stage.owner();
    const { apiKey } = await createKey(page, 'Watched');
    await open(page, '/events', 'Events');
    const feed = page.getByRole('region', { name: 'Live feed' }).first();
    await feed.getByText('Live', { exact: true }).waitFor();
    await useKey(stage.url, apiKey);
    await feed.getByText('keytrail.key.used.v1').waitFor();

    await page.getByLabel('Start').selectOption('start');
    await page.getByLabel('Type').selectOption('keytrail.key.created.v1');
    await feed.getByText('keytrail.key.created.v1').waitFor();
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({
      type: 'keytrail.key.created.v1',
      from: 'start',
    });
    expect(await feed.getByText('keytrail.key.used.v1').count()).toBe(0);

    await page.getByRole('button', { name: 'Pause' }).click();
    await createKey(page, 'Made while paused');
    await feed.getByText(/1 waiting/).waitFor();
    expect(await feed.getByText('keytrail.key.created.v1').count()).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await feed.getByText('keytrail.key.created.v1').nth(1).waitFor();
    expect(faults).toEqual([]);
  });
}
