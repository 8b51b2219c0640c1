import type { Page } from 'playwright-core';
import { createKey } from '../stage/api.js';
import { memoryHolds } from '../stage/heap.js';
import { leaveKept, open } from '../stage/pages.js';
import { PASSWORD, type Stage } from '../stage/stage.js';

const ENDED = 'Your session has ended.';

const bringBack = (page: Page): Promise<unknown> =>
  page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /Owner$/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
};

const signIn = async (page: Page, email: string): Promise<void> => {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

/** Creates a key as people do, and answers with its whole text. */
async function createByHand(page: Page): Promise<string> {
  await page.getByLabel('Name', { exact: true }).fill('Production Key');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const box = page.getByRole('group', { name: 'Latest key' });
  const secret = (await box.locator('code').textContent()) ?? '';
  await box.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('Latest key copied').waitFor();
  return secret;
}

export function sessions(stage: Stage): void {
  it('meets a first visitor without one failed request', async () => {
    const { page, faults } = await stage.visitor();
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    await page.goto('/usage');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText(ENDED).count()).toBe(0);
    await page.goto('/join#no-such-invitation-0000000000000000000000000');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(failed.filter((failure) => !failure.includes('/v1/invitations/lookup'))).toEqual([]);
    expect(faults.filter((fault) => !fault.includes('/v1/invitations/lookup'))).toEqual([]);
  });

  it('keeps nothing on a page that the browser keeps, and asks who is signed in when it comes back', async () => {
    const owner = await stage.owner();
    const { page } = owner;
    const secret = await createByHand(page);
    await leaveKept(page);
    expect(await page.evaluate('document.body.innerText.trim()')).toBe('');
    // Whoever looks for a text here holds the one that they looked at last.
    await page.getByText('Latest key').first().waitFor({ state: 'detached' });
    expect(await memoryHolds(page, secret)).toBe(false);
    await bringBack(page);
    await page.getByRole('rowheader', { name: 'Production Key' }).waitFor();
    expect(await page.getByRole('group', { name: 'Latest key' }).count()).toBe(0);

    const elsewhere = await stage.again(owner, '/usage');
    await leaveKept(page);
    await signOut(elsewhere.page);
    await elsewhere.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await bringBack(page);
    await page.getByText(ENDED).waitFor();
  });

  it('empties all tabs when one signs out, and asks nobody about a key that was not copied', async () => {
    const { page, context, email } = await stage.owner();
    const other = await context.newPage();
    await open(other, '/audit?type=AccountOpened', 'Audit trail');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.type());
      void dialog.accept();
    });
    await page.getByLabel('Name', { exact: true }).fill('Nobody copies it');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('group', { name: 'Latest key' }).waitFor();
    await signOut(other);
    await page.getByText(ENDED).waitFor();
    expect(await page.getByText('Nobody copies it').count()).toBe(0);
    expect(dialogs).toEqual([]);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await other.getByText(ENDED).count()).toBe(0);
    await signIn(page, email);
    await page.getByRole('rowheader', { name: 'Nobody copies it' }).waitFor();
  });

  it('empties the page and says why when the session was ended elsewhere', async () => {
    const owner = await stage.owner();
    const { page } = owner;
    await createKey(page, 'Production Key');
    await page.getByRole('rowheader', { name: 'Production Key' }).waitFor();
    const elsewhere = await stage.again(owner, '/usage');
    await signOut(elsewhere.page);
    await elsewhere.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Search by name or prefix').fill('prod');
    await page.getByText(ENDED).waitFor();
    expect(await page.getByText('Production Key').count()).toBe(0);
    await signIn(page, owner.email);
    await page.getByRole('rowheader', { name: 'Production Key' }).waitFor();
  });

  it('shows nobody what the one before them saw, who signs in in another tab', async () => {
    const [ada, bob] = [await stage.owner(), await stage.owner()];
    await createKey(ada.page, 'Of Ada');
    await ada.page.getByRole('rowheader', { name: 'Of Ada' }).waitFor();
    const other = await ada.context.newPage();
    await other.goto('/sign-in');
    await signIn(other, bob.email);
    await other.getByText('No keys yet').waitFor();
    await ada.page.getByText('No keys yet').waitFor();
    expect(await ada.page.getByText('Of Ada').count()).toBe(0);
  });
}
