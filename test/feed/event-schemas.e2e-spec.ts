import { jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import { allFeedTypes } from '../../apps/api/test/harness/public-names.js';
import { cookieOf, startTestApp } from '../../apps/api/test/harness/app.js';
import type { SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { invite, join, someAddress } from '../../apps/api/test/harness/people.js';
import { FeedClient } from '../support/feed-client.js';
import type { Envelope } from '../support/feed-client.js';

jest.setTimeout(60_000);

interface Schema {
  readonly $id: string;
  readonly properties: {
    readonly data: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const folder = new URL('../../docs/events/', import.meta.url);
const schemaOf = async (name: string): Promise<Schema> =>
  JSON.parse(await readFile(new URL(`${name}.schema.json`, folder), 'utf8')) as Schema;
const fieldsOf = ({ properties }: Schema): string[] => Object.keys(properties.data.properties);

describe('the published schemas', () => {
  let app: TestApp;
  let other: TestApp;
  let ada: SignedUp;
  let live: FeedClient;
  let events: readonly Envelope[];
  const validators = new Map<string, ValidateFunction>();
  const fields = new Map<string, ReadonlySet<string>>();
  beforeAll(async () => {
    const ajv = formats.default(new Ajv2020({ allErrors: true, strict: true, strictTypes: false }));
    const envelope = await schemaOf('envelope');
    ajv.addSchema(envelope);
    for (const type of allFeedTypes) {
      const schema = await schemaOf(type);
      expect(schema.$id).toBe(`urn:keytrail:schema:${type}`);
      validators.set(type, ajv.compile(schema));
      fields.set(type, new Set([...fieldsOf(envelope), ...fieldsOf(schema)]));
    }
    app = await startTestApp();
    ada = await withNewPassword(await app.signUp());
    live = new FeedClient(app.baseUrl, { headers: { cookie: ada.cookie }, query: '?from=start' });
    await live.until(({ isOpen }) => isOpen);
    await doEverything();
    // Another process was not there when it happened and has it all from the audit trail.
    other = await startTestApp({ stores: app.stores });
    const page = await other.http
      .get('/v1/events?from=start&limit=100')
      .set('cookie', ada.cookie)
      .expect(200);
    ({ events } = page.body as { events: Envelope[] });
  });
  afterAll(async () => {
    live.close();
    await other.stop();
    await app.stop();
  });

  /** All that can happen in an account, through the calls by which it happens. */
  async function doEverything(): Promise<void> {
    const { http } = app;
    const withCookie = { cookie: ada.cookie };
    await signIn(ada, ada.password).expect(200);
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    await http.get('/v1/audit/export?format=csv&type=KeyUsed').set(bearer(apiKey)).expect(200);
    await http.delete(`/v1/api-keys/${apiKeyId}`).set(withCookie).expect(200);
    await http.get('/v1/me').set(bearer(apiKey)).expect(401);
    const { invitationId } = await invite(app, ada, someAddress());
    await http.delete(`/v1/invitations/${invitationId}`).set(withCookie).expect(200);
    const ben = await app.signUp('Ben');
    await join(app, ada, ben, 'reviewer');
    await useSessions(ben);
    const member = `/v1/members/${ben.userId}`;
    await http.patch(member).set(withCookie).send({ role: 'owner' }).expect(200);
    await http.delete(member).set(withCookie).expect(200);
    await live.until(({ received }) =>
      allFeedTypes.every((type) => received.some(({ envelope }) => envelope.type === type)),
    );
  }

  const signIn = ({ email }: SignedUp, password: string) =>
    app.http.post('/api/auth/sign-in/email').send({ email, password });

  /** The session that begins with a new password is the only one. */
  async function withNewPassword(person: SignedUp): Promise<SignedUp> {
    const password = `${person.password}!`;
    const changed = await app.http
      .post('/api/auth/change-password')
      .set({ cookie: person.cookie, origin: app.baseUrl })
      .send({ currentPassword: person.password, newPassword: password })
      .expect(200);
    return { ...person, password, cookie: cookieOf(changed) };
  }

  async function useSessions(person: SignedUp): Promise<void> {
    const { http } = app;
    await signIn(person, 'wrong password').expect(401);
    const update = http.post('/api/auth/update-user').set('cookie', person.cookie);
    await update.send({ name: 'Benjamin' }).expect(200);
    for (const name of ['sign-out', 'revoke-sessions']) {
      const cookie = cookieOf(await signIn(person, person.password).expect(200));
      await http.post(`/api/auth/${name}`).set('cookie', cookie).send({}).expect(200);
    }
  }

  const bearer = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` });

  it.each(allFeedTypes)('%s: real events are as its schema says, to the last field', (type) => {
    const found = events.filter((event) => event.type === type);
    expect(found).not.toEqual([]);
    const validate = validators.get(type);
    for (const event of found) {
      validate?.(event);
      expect(validate?.errors ?? null).toBeNull();
      const undeclared = Object.keys(event.data).filter((name) => !fields.get(type)?.has(name));
      expect(undeclared).toEqual([]);
    }
  });

  it('a live event and the same event from the past are equal to the byte', () => {
    const past = new Map(events.map((event) => [event.id, JSON.stringify(event)]));
    expect(live.received.length).toBeGreaterThanOrEqual(allFeedTypes.length);
    for (const { envelope } of live.received) {
      expect(JSON.stringify(envelope)).toBe(past.get(envelope.id));
    }
  });

  it('G5: no event holds a key, the hash of one, or of an invitation', () => {
    expect(JSON.stringify(events)).not.toMatch(/[0-9a-f]{64}|[0-9A-Za-z]{42}|hash/i);
  });

  it('the index names each of them', async () => {
    const index = await readFile(new URL('README.md', folder), 'utf8');
    for (const type of allFeedTypes) expect(index).toContain(`(${type}.schema.json)`);
  });
});
