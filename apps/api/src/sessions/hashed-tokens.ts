import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/types';
import type { Db } from 'mongodb';

const PREFIX = 'sha256:';
/** What stands next behind all that begins so. */
const BEHIND_PREFIX = 'sha256;';

/** What is stored in the place of a session's token: whoever reads it there has no session by it. */
const hashOf = (token: string): string =>
  PREFIX + createHash('sha256').update(token).digest('base64url');

interface Query {
  readonly model: string;
  readonly where?: Where[] | undefined;
}

/** A query by tokens as one by their hashes. */
function byHash<Q extends Query>(query: Q): Q {
  if (query.model !== 'session' || !query.where) return query;
  const where = query.where.map((one) => {
    if (one.field !== 'token') return one;
    const { value } = one;
    if (typeof value === 'string') return { ...one, value: hashOf(value) };
    throw new Error('Sessions are looked for by one token only');
  });
  return { ...query, where };
}

/** The token that a query names: what it finds is given that one back, as the cookie is made of it. */
function withToken<Found>(found: Found, { model, where }: Query): Found {
  const named = model === 'session' ? where?.find(({ field }) => field === 'token') : undefined;
  return found && typeof named?.value === 'string' ? { ...found, token: named.value } : found;
}

/** The sign-in library's way to its database, in which tokens of sessions are hashed at rest. */
export function hashingTokens(inner: DBAdapter): DBAdapter {
  return {
    ...hashingWithin(inner),
    transaction: (work) => inner.transaction((trx) => work(hashingWithin(trx))),
  };
}

const hashingWithin = <Inner extends DBTransactionAdapter>(inner: Inner): Inner => ({
  ...inner,
  create: async (query: Parameters<Inner['create']>[0]) => {
    const { token } = query.data as { readonly token?: unknown };
    if (query.model !== 'session' || typeof token !== 'string') return inner.create(query);
    const data = { ...query.data, token: hashOf(token) };
    return { ...(await inner.create<Record<string, unknown>>({ ...query, data })), token };
  },
  findOne: async (query: Parameters<Inner['findOne']>[0]) =>
    withToken(await inner.findOne(byHash(query)), query),
  findMany: async (query: Parameters<Inner['findMany']>[0]) =>
    (await inner.findMany(byHash(query))).map((found) => withToken(found, query)),
  update: async (query: Parameters<Inner['update']>[0]) =>
    withToken(await inner.update(byHash(query)), query),
  updateMany: (query: Parameters<Inner['updateMany']>[0]) => inner.updateMany(byHash(query)),
  delete: (query: Parameters<Inner['delete']>[0]) => inner.delete(byHash(query)),
  deleteMany: (query: Parameters<Inner['deleteMany']>[0]) => inner.deleteMany(byHash(query)),
  count: (query: Parameters<Inner['count']>[0]) => inner.count(byHash(query)),
  consumeOne: async (query: Parameters<Inner['consumeOne']>[0]) =>
    withToken(await inner.consumeOne(byHash(query)), query),
  incrementOne: async (query: Parameters<Inner['incrementOne']>[0]) =>
    withToken(await inner.incrementOne(byHash(query)), query),
});

interface Session {
  readonly token: string;
}

/**
 * Hashes the tokens of sessions that an earlier version began; their cookies stay good. The library has an
 * index on tokens: those that are hashed already are not looked at.
 */
export async function hashEarlierTokens(db: Db): Promise<void> {
  const sessions = db.collection<Session>('session');
  for (const token of [{ $lt: PREFIX }, { $gte: BEHIND_PREFIX }]) {
    const earlier = sessions.find({ token }, { projection: { token: 1 } });
    for await (const { _id, token } of earlier) {
      await sessions.updateOne({ _id, token }, { $set: { token: hashOf(token) } });
    }
  }
}
