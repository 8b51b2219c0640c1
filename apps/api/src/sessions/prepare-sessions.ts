import type { ApiSettings } from '@keytrail/platform';
import type { Db } from 'mongodb';
import { authSecret } from './auth-secret.js';
import { hashEarlierTokens } from './hashed-tokens.js';

/** Where an earlier version counted attempts, a document for each address and path. */
const EARLIER_LIMITS = 'rateLimit';

/**
 * What is done once before sessions are served: the secret is found, and what an earlier version left
 * is made as it is kept now.
 *
 * @returns the secret that signs session cookies
 * @throws StartError when there is no place for the secret, or others sign with another one
 */
export async function prepareSessions(db: Db, settings: ApiSettings): Promise<string> {
  const secret = await authSecret(db, settings);
  await hashEarlierTokens(db);
  await db.dropCollection(EARLIER_LIMITS);
  return secret;
}
