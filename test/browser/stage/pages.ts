import type { Page } from 'playwright-core';

/** Every page for the signed-in, by the heading that shows it is there. */
export const pages = [
  ['/', 'API Keys'],
  ['/usage', 'Usage'],
  ['/transactions', 'Transactions'],
  ['/audit', 'Audit trail'],
  ['/events', 'Events'],
  ['/members', 'Members'],
  ['/quickstart', 'Quickstart'],
] as const;

/** Goes to a page and waits until what it shows has arrived. */
export async function open(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

/** What a browser does that keeps the page for its Back button; the one of these tests keeps none. */
export const leaveKept = (page: Page): Promise<unknown> =>
  page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
