import type { Response } from 'playwright-core';
import { createKey } from '../stage/api.js';
import { open, pages } from '../stage/pages.js';
import type { Stage } from '../stage/stage.js';

const FIRST_LOAD_LIMIT_BYTES = 250_000;

export function safety(stage: Stage): void {
  it('asks nobody else, and nothing on any page is against its own policy', async () => {
    const { page, faults, foreignRequests } = await stage.owner();
    await createKey(page, 'Production Key');
    for (const [path, heading] of pages) await open(page, path, heading);
    expect(foreignRequests).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('forbids inline scripts and styles, frames and foreign form targets', async () => {
    const { page } = await stage.visitor();
    const answer = await page.goto('/');
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('keeps the session in a cookie that scripts cannot read', async () => {
    const { page, context } = await stage.owner();
    const cookies = await context.cookies();
    expect(cookies.length).toBeGreaterThan(0);
    expect(cookies.filter(({ httpOnly, sameSite }) => !httpOnly || sameSite === 'None')).toEqual(
      [],
    );
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('refuses changes that a foreign page asks for', async () => {
    const { page } = await stage.owner();
    const answer = await page.request.post('/v1/api-keys', {
      headers: { origin: 'https://evil.example' },
      data: { name: 'Planted' },
    });
    expect(answer.status()).toBe(403);
  });

  it('goes only to its own pages after signing in', async () => {
    const { email } = await stage.owner();
    const { page } = await stage.visitor();
    await page.goto('/sign-in?redirect=https%3A%2F%2Fevil.example%2F');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Issued Keys' }).waitFor();
    expect(page.url().startsWith(stage.url)).toBe(true);
  });

  it('loads at most 250 kB of compressed script first, cached for ever by hash', async () => {
    const { page } = await stage.signedIn();
    const files: Response[] = [];
    page.on('response', (response) => {
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) files.push(response);
    });
    await open(page, '/', 'API Keys');
    for (const file of files) {
      expect(file.headers()['cache-control']).toMatch(/max-age=31536000.*immutable/);
    }
    const scripts = files.filter((file) => file.url().endsWith('.js'));
    const sizes = await Promise.all(scripts.map((script) => script.request().sizes()));
    const total = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(FIRST_LOAD_LIMIT_BYTES);
  });

  it('answers 404 for a script that is no longer there, rather than with a page', async () => {
    const { page } = await stage.visitor();
    expect((await page.request.get('/assets/index-gone.js')).status()).toBe(404);
  });
}
