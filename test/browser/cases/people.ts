import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { createKey, useKey } from '../stage/api.js';
import { open, pages } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

const themes = ['light', 'dark'] as const;

type Theme = (typeof themes)[number];

/**
 * The serious and critical findings on what is shown right now, and landmarks that nobody can tell apart;
 * in dark only what colours can change.
 */
async function findings(page: Page, theme: Theme): Promise<string[]> {
  const rules = theme === 'dark' ? `runOnly: ['color-contrast'],` : '';
  const run = `axe.run({ ${rules} resultTypes: ['violations'] })`;
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations
    .filter(({ id, impact }) => /serious|critical/.test(impact ?? '') || id === 'landmark-unique')
    .map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export function accessibility(stage: Stage): void {
  it.each(themes)('has no serious accessibility fault on any page, %s', async (colorScheme) => {
    const { page, context } = await stage.owner({ colorScheme });
    await context.addInitScript(axe.source);
    const { apiKey, apiKeyId } = await createKey(page, 'Production Key');
    await useKey(stage.url, apiKey);
    const found: string[] = [];
    for (const [path, heading] of [...pages, [`/audit/keys/${apiKeyId}`, 'History']] as const) {
      await open(page, path, heading);
      found.push(...(await findings(page, colorScheme)));
    }
    await open(page, '/', 'API Keys');
    await page.getByRole('button', { name: 'Revoke Production Key' }).click();
    await page.getByRole('alertdialog').waitFor();
    await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
    found.push(...(await findings(page, colorScheme)));
    expect(found).toEqual([]);
  });

  it.each(themes)(
    'has no serious accessibility fault before signing in, %s',
    async (colorScheme) => {
      const { page, context } = await stage.visitor({ colorScheme });
      await context.addInitScript(axe.source);
      for (const path of ['/sign-in', '/sign-up', '/join']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await findings(page, colorScheme)).toEqual([]);
      }
    },
  );

  it('is dark or light by the switch, whatever the system says', async () => {
    const { page } = await stage.owner({ colorScheme: 'light' });
    const background = 'getComputedStyle(document.documentElement).backgroundColor';
    const light = await page.evaluate(background);
    await page.getByRole('radio', { name: 'Dark' }).click();
    expect(await page.evaluate(background)).not.toBe(light);
    await page.reload();
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor();
    expect(await page.evaluate(background)).not.toBe(light);
  });

  it('tells the exact UTC time on hover and on focus', async () => {
    const { page } = await stage.owner();
    const { apiKey } = await createKey(page, 'Production Key');
    await useKey(stage.url, apiKey);
    const time = page.getByRole('table').locator('time');
    await time.hover();
    const exact = page.locator('.tooltip');
    await exact.waitFor();
    expect(await exact.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/);
    await page.mouse.move(0, 0);
    await exact.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Production Key' }).focus();
    await page.keyboard.press('Tab');
    await exact.waitFor();
  });
}

/** Presses Tab until the focus is on what has this accessible name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const focused = `(() => { const element = document.activeElement;
    return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent; })()`;
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (name.test(String(await page.evaluate(focused)))) return;
  }
  throw new Error(`nothing named ${String(name)} is reached by Tab`);
}

export function keyboard(stage: Stage): void {
  it('creates, copies and revokes a key by keyboard alone', async () => {
    const { page } = await stage.owner();
    await tabTo(page, /^Name$/);
    await page.keyboard.type('CI/CD Pipeline');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Latest key' }).waitFor();
    await tabTo(page, /^Copy$/);
    await page.keyboard.press('Enter');
    await page.getByText('Latest key copied').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Latest key' }).waitFor({ state: 'detached' });
    await tabTo(page, /^Revoke CI\/CD Pipeline$/);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // The focus is back where it was.
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await tabTo(page, /^Revoke key$/);
    await page.keyboard.press('Enter');
    await page.getByRole('row').getByText('Revoked', { exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('CI/CD Pipeline');
  });
}

export function phone(stage: Stage): void {
  it('fits a phone of 360 px on every page', async () => {
    const { page, faults } = await stage.owner({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const { apiKey, apiKeyId } = await createKey(page, 'A key with quite a long name for a phone');
    await useKey(stage.url, apiKey);
    for (const [path, heading] of [...pages, [`/audit/keys/${apiKeyId}`, 'History']] as const) {
      await open(page, path, heading);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
        path,
        360,
      ]);
    }
    await page.getByRole('button', { name: 'Open the navigation' }).tap();
    await page.getByRole('dialog').getByRole('link', { name: 'API Keys' }).tap();
    await page.getByRole('heading', { name: 'Create New Key' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Revoke A key/ }).tap();
    await page.getByRole('button', { name: 'Revoke key' }).tap();
    await page.getByRole('table').getByText('Revoked', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });
}
