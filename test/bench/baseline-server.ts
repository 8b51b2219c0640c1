// What a team would write by hand: Fastify and PostgreSQL. One statement looks the key up, records its use and
// when that was; see docs/bench.md.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['POSTGRES_URL'], max: 20 });

await pool.query(`
  create table api_keys (
    id uuid primary key, account_id uuid not null, name text not null, prefix text not null,
    hash bytea not null unique, revoked_at timestamptz, last_used_at timestamptz);
  create table key_uses (
    id bigint generated always as identity primary key, key_id uuid not null, account_id uuid not null,
    at timestamptz not null default now(), request_id uuid not null,
    method text not null, path text not null, ip inet, user_agent text);
  create index on key_uses (account_id, id);
`);

const CHECK = {
  name: 'check',
  text: `
    with used as (
      update api_keys set last_used_at = now() where hash = $1 and revoked_at is null
      returning id, account_id, name, prefix
    ), recorded as (
      insert into key_uses (key_id, account_id, request_id, method, path, ip, user_agent)
      select id, account_id, $2, $3, $4, $5, $6 from used
    )
    select id, account_id, name, prefix from used`,
};

interface Key {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly prefix: string;
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

async function issueKeys(count: number): Promise<string[]> {
  const accountId = randomUUID();
  const keys = Array.from({ length: count }, () => `axk_${randomBytes(32).toString('hex')}`);
  for (const [index, key] of keys.entries()) {
    const values = [randomUUID(), accountId, `Key ${index}`, key.slice(0, 8), hashOf(key)];
    await pool.query(
      'insert into api_keys (id, account_id, name, prefix, hash) values ($1, $2, $3, $4, $5)',
      values,
    );
  }
  return keys;
}

const server = Fastify();
server.get('/v1/me', async (request, reply) => {
  const { method, url, ip, headers } = request;
  const key = headers.authorization?.slice('Bearer '.length) ?? '';
  const values = [hashOf(key), randomUUID(), method, url, ip, headers['user-agent'] ?? null];
  const [found] = (await pool.query<Key>({ ...CHECK, values })).rows;
  if (!found) return reply.status(401).send({ error: 'unknown or revoked key' });
  const { id, account_id: accountId, name, prefix: keyPrefix } = found;
  return { account: { id: accountId, name: 'Ada' }, apiKey: { id, name, keyPrefix } };
});

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('message', ({ keys }: { readonly keys: number }) => {
  void issueKeys(keys).then((issued) => process.send?.(issued));
});
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
