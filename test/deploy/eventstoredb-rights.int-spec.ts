import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { JSONEventData } from '@eventstore/db-client';
import { makeUser } from './scripts.js';

/** Of a server with TLS that is this test's own: its default rights are changed for good. */
const adminUrl = process.env['EVENTSTOREDB_ADMIN_URL'] ?? '';
const password = randomUUID();
const opened: EventStoreDBClient[] = [];

afterAll(() => Promise.all(opened.map((client) => client.dispose())));

const make = (user: string, ...args: readonly string[]): ReturnType<typeof makeUser> =>
  makeUser(
    {
      EVENTSTOREDB_ADMIN_URL: adminUrl,
      EVENTSTOREDB_USER: user,
      EVENTSTOREDB_PASSWORD: password,
    },
    ...args,
  );

function clientOf(user: string): EventStoreDBClient {
  const url = adminUrl.replace(/\/\/[^@]+@/, `//${user}:${password}@`);
  const client = EventStoreDBClient.connectionString(url);
  opened.push(client);
  return client;
}

const used = (): JSONEventData => jsonEvent({ type: 'KeyUsed', data: { keyId: 'k' } });

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const event of events) found += event === undefined ? 0 : 1;
  return found;
}

async function expectRefused(...calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const call of calls) await expect(call()).rejects.toMatchObject({ type: 'access-denied' });
}

const describeOnServer = adminUrl === '' ? describe.skip : describe;
if (adminUrl === '') {
  process.stderr.write('SKIPPED, because EVENTSTOREDB_ADMIN_URL is not set: rights of users\n');
}

describeOnServer(
  'an EventStoreDB on which deploy/eventstoredb-users.mjs --own-server has run',
  () => {
    const stream = `apiKey-${randomUUID()}`;

    it('is changed once and not again', async () => {
      const first = await make('keytrail', '--own-server');
      expect(first).toMatchObject({ code: 0, err: [] });
      const again = await make('keytrail', '--own-server');
      expect(again).toMatchObject({ code: 0, err: [] });
      expect(again.out.slice(1)).toEqual([
        'already so: the user keytrail, in no group',
        'already so: the password of keytrail',
        expect.stringMatching(/^already so: \$all may be read by .*keytrail/),
        'already so: the default rights of all streams are for $admins and keytrail alone',
        'tried: keytrail can read $all',
      ]);
    });

    it('lets its user append and read, and neither delete nor cut off what it wrote', async () => {
      const client = clientOf('keytrail');
      await client.appendToStream(stream, [used(), used()]);
      expect(await count(client.readStream(stream))).toBe(2);
      expect(await count(client.readAll({ maxCount: 3 }))).toBe(3);
      await expectRefused(
        () => client.deleteStream(stream),
        () => client.tombstoneStream(stream),
        () => client.setStreamMetadata(stream, { truncateBefore: 1 }),
        () => client.setStreamMetadata(stream, { maxCount: 1 }),
        () => count(client.readStream('$settings')),
      );
      expect(await count(client.readStream(stream))).toBe(2);
    });

    it('refuses another user everything', async () => {
      await make('somebody').then(({ code }) => {
        expect(code).toBe(0);
      });
      const client = clientOf('somebody');
      await expectRefused(
        () => client.appendToStream(stream, used()),
        () => client.appendToStream(`apiKey-${randomUUID()}`, used()),
        () => count(client.readStream(stream)),
        () => client.getStreamMetadata(stream),
        () => client.setStreamMetadata(stream, { truncateBefore: 1 }),
        () => client.deleteStream(stream),
        () => client.tombstoneStream(stream),
      );
    });
  },
);
