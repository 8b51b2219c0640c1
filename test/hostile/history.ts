import { Client } from '../support/client.js';
import { listsHaveCaughtUp } from '../support/caught-up.js';
import type { HostileTenant } from './attacks.js';

const USES = 1_500;
const AT_ONCE = 50;

/** Signs a tenant up and gives the account a long trail of large entries. */
export async function tenantWithHistory(url: string): Promise<HostileTenant> {
  const client = new Client(url, AT_ONCE);
  try {
    const session = await client.signUp('Mallory');
    const { apiKey } = await client.createKey(session, 'Production Key');
    const bearer = { authorization: `Bearer ${apiKey}` };
    const headers = {
      ...bearer,
      ...{ 'x-original-method': 'GET', 'x-original-uri': `/${'x'.repeat(1_000)}` },
      'user-agent': 'y'.repeat(500),
    };
    const use = async (): Promise<void> => {
      for (let used = 0; used < USES / AT_ONCE; used += 1) {
        await client.request('GET', '/v1/forward-auth', { headers });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, use));
    await listsHaveCaughtUp(url);
    return { session, bearer };
  } finally {
    await client.close();
  }
}
