import type { Page } from 'playwright-core';
import { createKey } from '../stage/api.js';
import { leaveKept, open } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

const TEN = Array.from({ length: 10 }, (_, index) => index);

const isLive = (page: Page): Promise<void> =>
  page.locator('.live-mark[data-live=true]').first().waitFor();

/** How many streams of events the service serves at this moment. */
async function streamsOf({ url }: Stage): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^keytrail_feed_subscribers (\d+)$/m.exec(metrics)?.[1]);
}

/** Waits until the service serves so many streams; those that were ended may end a moment later. */
async function streamsBecome(stage: Stage, count: number): Promise<void> {
  while ((await streamsOf(stage)) !== count) await new Promise((turn) => setTimeout(turn, 50));
}

export function streams(stage: Stage): void {
  it('follows the events by one stream in ten pages at once, all of them live', async () => {
    const { page, context } = await stage.owner();
    const pages = [page];
    for (const path of ['/usage', '/events', '/audit', '/events', '/', '/', '/', '/', '/']) {
      const next = await context.newPage();
      await next.goto(path);
      await next.getByRole('heading', { level: 1 }).waitFor();
      pages.push(next);
    }
    await Promise.all(pages.map(isLive));
    expect(await streamsOf(stage)).toBe(1);
    await createKey(page, 'Seen by all');
    for (const one of pages.slice(2)) await one.getByText('Seen by all').first().waitFor();

    // The stream outlives the page that came first, and ends with the last.
    await page.close();
    await createKey(pages[9] ?? page, 'Seen by the others');
    await pages[9]?.getByRole('rowheader', { name: 'Seen by the others' }).waitFor();
    await Promise.all(pages.slice(1).map((one) => one.close()));
    await streamsBecome(stage, 0);
  });

  it('leaves no stream behind in ten loads of one tab', async () => {
    const { page } = await stage.signedIn();
    for (const index of TEN) {
      await open(page, index % 2 === 0 ? '/' : '/usage', index % 2 === 0 ? 'API Keys' : 'Usage');
      await isLive(page);
    }
    await streamsBecome(stage, 1);
    await leaveKept(page);
    await streamsBecome(stage, 0);
  });

  it('has a stream of its own where there are no shared workers, and ends it when it is left', async () => {
    const { page, context } = await stage.signedIn();
    await context.addInitScript('delete window.SharedWorker');
    await open(page, '/', 'API Keys');
    await isLive(page);
    expect(await streamsOf(stage)).toBe(1);
    await leaveKept(page);
    await streamsBecome(stage, 0);
  });
}
