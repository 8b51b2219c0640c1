// better-auth's API-key plugin behind one route, as its documentation shows it; see docs/bench.md.
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { mongodbAdapter } from 'better-auth/adapters/mongodb';
import Fastify from 'fastify';
import { MongoClient } from 'mongodb';

const client = await MongoClient.connect(process.env['MONGODB_URL'] ?? '');
const db = client.db();
const auth = betterAuth({
  secret: 'a secret of the bench, which signs nothing that leaves it',
  baseURL: `http://127.0.0.1:${process.env['PORT'] ?? ''}`,
  database: mongodbAdapter(db, { client }),
  emailAndPassword: { enabled: true },
  // Its counters of requests per key are not what is compared, so that they cost it nothing.
  plugins: [apiKey({ rateLimit: { enabled: false } })],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
});

// The adapter makes no indexes; these are what the plugin's schema asks for.
await db.collection('apikey').createIndexes([{ key: { key: 1 } }, { key: { referenceId: 1 } }]);

async function issueKeys(count: number): Promise<string[]> {
  const { user } = await auth.api.signUpEmail({
    body: { name: 'Ada', email: 'ada@example.com', password: crypto.randomUUID() },
  });
  const keys: string[] = [];
  for (let issued = 0; issued < count; issued += 1) {
    const { key } = await auth.api.createApiKey({
      body: { name: `Key ${issued}`, userId: user.id },
    });
    keys.push(key);
  }
  return keys;
}

const server = Fastify();
server.get('/v1/me', async (request, reply) => {
  const key = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const result = await auth.api.verifyApiKey({ body: { key } });
  if (!result.valid || !result.key) return reply.status(401).send({ error: result.error });
  const { id, name, start, referenceId } = result.key;
  return { account: { id: referenceId, name: 'Ada' }, apiKey: { id, name, keyPrefix: start } };
});

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('message', ({ keys }: { readonly keys: number }) => {
  void issueKeys(keys).then((issued) => process.send?.(issued));
});
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
