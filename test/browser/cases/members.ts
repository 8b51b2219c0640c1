import type { Locator, Page } from 'playwright-core';
import { createKey } from '../stage/api.js';
import { open, pages } from '../stage/pages.js';
import { PASSWORD, type Person, type Stage } from '../stage/stage.js';

const status = (page: Page, text: string | RegExp): Locator =>
  page.locator('.status').getByText(text);

/** Sends an invitation on the Members page and returns its link. */
async function invite({ page }: Person, email: string): Promise<string> {
  await open(page, '/members', 'Members');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Invite' }).click();
  await status(page, `${email} is invited as reviewer`).waitFor();
  const link = page.getByRole('group', { name: 'Invitation link' }).locator('code');
  return (await link.textContent()) ?? '';
}

/** Follows an invitation as a person who has no account yet. */
async function join(stage: Stage, link: string, email: string): Promise<Person> {
  const visited = await stage.visitor();
  const { page } = visited;
  await page.goto(link);
  await page.getByRole('heading', { name: /^Join / }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  expect(await page.getByLabel('Email').inputValue()).toBe(email);
  await page.getByLabel('Name').fill('Grace');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('heading', { name: 'Issued Keys' }).waitFor();
  return { ...visited, email };
}

const CHANGES = /create|revoke|invite|remove|withdraw|delete/i;

export function members(stage: Stage): void {
  it('shows a reviewer everything, and not one control that changes anything', async () => {
    const owner = await stage.owner();
    const key = await createKey(owner.page, 'Production Key');
    const email = stage.newEmail();
    const { page, faults } = await join(stage, await invite(owner, email), email);
    const accountId = new URL(page.url()).searchParams.get('account') ?? '';
    expect(accountId).toMatch(/^acc_/);
    for (const [path, heading] of pages) {
      await open(page, `${path}?account=${accountId}`, heading);
      expect(await page.getByRole('button', { name: CHANGES }).count()).toBe(0);
    }
    await open(page, `/members?account=${accountId}`, 'Members');
    await page.getByRole('cell', { name: owner.email }).waitFor();
    expect(await page.getByRole('main').getByRole('combobox').count()).toBe(0);
    await expectRefusals(page, accountId, key.apiKeyId);
    expect(faults).toEqual([]);
  });

  it('turns a reviewer into an owner and back while the page is open', async () => {
    const owner = await stage.owner();
    const email = stage.newEmail();
    const { page } = await join(stage, await invite(owner, email), email);
    const role = owner.page.getByLabel(`Role of ${email}`);
    await role.selectOption('owner');
    await owner.page.getByRole('button', { name: 'Make owner' }).click();
    await status(owner.page, `${email} is now owner`).waitFor();
    await page.getByRole('heading', { name: 'Create New Key' }).waitFor();
    await role.selectOption('reviewer');
    await owner.page.getByRole('button', { name: 'Make reviewer' }).click();
    await page.getByRole('heading', { name: 'Create New Key' }).waitFor({ state: 'detached' });
  });

  it('offers the only owner neither to leave nor to become a reviewer, and says why', async () => {
    const owner = await stage.owner();
    const { page } = owner;
    const email = stage.newEmail();
    await join(stage, await invite(owner, email), email);
    await page.getByText(`${owner.email} is the only owner`).waitFor();
    await page.getByLabel(`Role of ${email}`).waitFor();
    const own = page.getByRole('row').filter({ hasText: owner.email }).filter({ hasText: 'You' });
    expect(await own.getByRole('combobox').count()).toBe(0);
    expect(await own.getByRole('button').count()).toBe(0);

    await page.getByLabel(`Role of ${email}`).selectOption('owner');
    await page.getByRole('button', { name: 'Make owner' }).click();
    await own.getByRole('button', { name: 'Leave this account' }).waitFor();
    await own.getByRole('combobox').waitFor();
  });

  it('says of the link that is shown whether it was copied, and how long it is good', async () => {
    const owner = await stage.owner();
    const { page } = owner;
    const box = page.getByRole('group', { name: 'Invitation link' });
    const copy = box.getByRole('button', { name: /^Copy/ });
    await invite(owner, stage.newEmail());
    await copy.click();
    await copy.getByText('Copied').waitFor();
    const second = stage.newEmail();
    await page.getByLabel('Email').fill(second);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await status(page, `${second} is invited as reviewer`).waitFor();
    expect(await copy.textContent()).toBe('Copy');
    const row = page.getByRole('row').filter({ hasText: second });
    await row.getByText('in 7 days').waitFor();
  });

  it('withdraws an invitation: its link then says what to do', async () => {
    const owner = await stage.owner();
    const email = stage.newEmail();
    const link = await invite(owner, email);
    await owner.page.getByRole('button', { name: `Withdraw the invitation of ${email}` }).click();
    const dialog = owner.page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Withdraw invitation' }).click();
    await status(owner.page, `The invitation of ${email} is withdrawn`).waitFor();
    const box = owner.page.getByRole('group', { name: 'Invitation link' });
    await box.waitFor({ state: 'detached' });
    await open(owner.page, '/audit', 'Audit trail');
    await owner.page.getByRole('rowheader', { name: `Invitation withdrawn ${email}` }).waitFor();
    const { page } = await stage.visitor();
    await page.goto(link);
    await page.getByRole('heading', { name: 'This invitation cannot be used' }).waitFor();
  });

  it('lets whoever is signed in as somebody else sign out and go on', async () => {
    const [owner, email] = [await stage.owner(), stage.newEmail()];
    const { page } = owner;
    await page.goto(await invite(owner, email));
    await page.getByText(`Only ${email} can use this invitation.`).waitFor();
    expect(await page.getByRole('button', { name: 'Join', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out and go on' }).click();
    await page.getByRole('button', { name: 'Create account' }).waitFor();
    expect(await page.getByLabel('Email').inputValue()).toBe(email);
  });

  it('lets a person with two accounts change between them, and to no other', async () => {
    const owner = await stage.owner();
    await createKey(owner.page, 'Only in the first account');
    const email = stage.newEmail();
    const { page } = await join(stage, await invite(owner, email), email);
    await page.getByText('Only in the first account').waitFor();
    await page.getByRole('button', { name: /Reviewer$/ }).click();
    await page.getByRole('menuitemradio', { name: /Grace/ }).click();
    await page.getByText('No keys yet').waitFor();
    await page.getByRole('heading', { name: 'Create New Key' }).waitFor();

    await page.goto('/?account=acc_0000000000000000000000');
    await page.getByRole('heading', { name: 'You are not a member of this account' }).waitFor();
    await page.getByRole('link', { name: 'Go to your own account' }).click();
    await page.getByRole('heading', { name: 'Issued Keys' }).waitFor();
  });
}

/** What the page does not offer, the API refuses. */
async function expectRefusals(page: Page, accountId: string, apiKeyId: string): Promise<void> {
  const headers = { 'keytrail-account': accountId };
  const answers = await Promise.all([
    page.request.post('/v1/api-keys', { headers, data: { name: 'Sneaked in' } }),
    page.request.delete(`/v1/api-keys/${apiKeyId}`, { headers, data: {} }),
    page.request.post('/v1/invitations', {
      headers,
      data: { email: 'friend@example.com', role: 'owner' },
    }),
  ]);
  for (const answer of answers) {
    expect(answer.status()).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'insufficient_role' });
  }
}
