import type { Page } from 'playwright-core';

export interface CreatedKey {
  readonly apiKeyId: string;
  readonly apiKey: string;
  readonly keyPrefix: string;
}

/** Creates a key as the person signed in on a page, without touching the page itself. */
export async function createKey(page: Page, name: string): Promise<CreatedKey> {
  const answer = await page.request.post('/v1/api-keys', { data: { name } });
  if (answer.status() !== 201) throw new Error(`creating a key answered ${answer.status()}`);
  return (await answer.json()) as CreatedKey;
}

/** Makes a request with a key, as a program would. */
export const useKey = (url: string, apiKey: string): Promise<Response> =>
  fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${apiKey}` } });

/** Holds back the answers of a call until it is let go, so that what is shown meanwhile can be seen. */
export async function hold(page: Page, path: string, method: string): Promise<() => void> {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(path, async (route) => {
    if (route.request().method() === method) await gate;
    await route.continue();
  });
  return letGo;
}
