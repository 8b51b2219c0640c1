import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { EventLogError } from '@keytrail/event-store';
import { cookieOf, startTestApp, type TestApp } from '../harness/app.js';
import { join, someAddress } from '../harness/people.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const password = 'correct horse battery';
const keyLike = `axk_${'a1B2c3'.repeat(7)}`;
const signUp = (email: string, name = 'Eve') =>
  app.http.post('/api/auth/sign-up/email').send({ name, email, password });
const signIn = (email: string, secret = password) =>
  app.http.post('/api/auth/sign-in/email').send({ email, password: secret });
const typesIn = async (cookie: string, accountId: string): Promise<string[]> => {
  const request = app.http.get('/v1/audit').set('cookie', cookie);
  const answer = await request.set('keytrail-account', accountId).expect(200);
  return (answer.body as { entries: { type: string }[] }).entries.map(({ type }) => type);
};

describe('the session', () => {
  it('is in an http-only cookie and nowhere that a script could read it', async () => {
    const answer = await signUp(someAddress()).expect(200);
    const cookie = cookieOf(answer);
    const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
    expect(token).not.toBe('');
    const session = await app.http.get('/api/auth/get-session').set('cookie', cookie).expect(200);
    for (const { text } of [answer, session]) expect(text).not.toContain(token);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it('ends with signing out', async () => {
    const cookie = cookieOf(await signUp(someAddress()).expect(200));
    await app.http.post('/api/auth/sign-out').set('cookie', cookie).send({}).expect(200);
    await app.http.get('/v1/me').set('cookie', cookie).expect(401);
  });

  it('is not begun by a wrong password, and many attempts are refused', async () => {
    const email = someAddress();
    await signUp(email).expect(200);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const { status } = await signIn(email, 'wrong password').set('x-forwarded-for', '192.0.2.99');
      statuses.push(status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('signing up', () => {
  it('that ended before the account was open is completed by the next sign-in', async () => {
    const email = someAddress();
    const down = new EventLogError('event_log_unavailable', 'down');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
    const cut = await signUp(email);
    append.mockRestore();
    expect(cut.status).toBe(503);
    expect(cut.body).toMatchObject({
      code: 'event_log_unavailable',
      detail: expect.stringMatching(/signing in completes it/) as string,
    });

    const cookie = cookieOf(await signIn(email).expect(200));
    const me = await app.http.get('/v1/me').set('cookie', cookie).expect(200);
    expect(me.body).toMatchObject({ account: { name: 'Eve' }, user: { email, role: 'owner' } });
    const { account } = me.body as { account: { id: string } };
    await signIn(email).expect(200);
    expect(await typesIn(cookie, account.id)).toEqual([
      'AccountOpened',
      'MemberJoined',
      'SignedIn',
      'SignedIn',
    ]);
  });

  it.each([
    ['an empty name', ' '],
    ['a long name', 'n'.repeat(81)],
    ['a name with a key in it', keyLike],
    ['a name of two lines', 'Eve\nFrom the operators'],
    ['a name that reorders text', 'Eve\u202e'],
  ])('with %s is refused and leaves nothing', async (_, name) => {
    const email = someAddress();
    const answer = await signUp(email, name).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_name' });
    await signIn(email).expect(401);
  });
});

describe('a sign-up with an address', () => {
  it.each([255, 1_900, 30_000])('of %d characters is refused and stops nobody', async (length) => {
    const email = `${'x'.repeat(length - '@example.com'.length)}@example.com`;
    const answer = await signUp(email, 'Eve').expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_email' });
    const { cookie } = await app.signUp('Ada');
    await app.http.get('/v1/audit').set('cookie', cookie).expect(200);
  });

  it('of 254 characters is in the trail', async () => {
    const local = `${randomUUID()}${'x'.repeat(206)}`;
    const cookie = cookieOf(await signUp(`${local}@example.com`, 'Eve').expect(200));
    const trail = await app.http.get('/v1/audit').set('cookie', cookie).expect(200);
    expect(trail.text).toContain(local);
  });
});

describe('a new password', () => {
  const change = (cookie: string, currentPassword: string) =>
    app.http
      .post('/api/auth/change-password')
      .set('cookie', cookie)
      .send({ currentPassword, newPassword: 'another horse battery', revokeOtherSessions: true });

  it('is in the trail, and no sign-in that never was', async () => {
    const { cookie, email, password } = await app.signUp('Eve');
    const changed = cookieOf(await change(cookie, password).expect(200));
    const me = await app.http.get('/v1/me').set('cookie', changed).expect(200);
    const { account } = me.body as { account: { id: string } };
    expect(await typesIn(changed, account.id)).toEqual([
      'AccountOpened',
      'MemberJoined',
      'PasswordChanged',
    ]);
    await signIn(email, 'another horse battery').expect(200);
  });

  it('that cannot be recorded does not count', async () => {
    const { cookie, email, password } = await app.signUp('Eve');
    const down = new EventLogError('event_log_unavailable', 'no answer');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
    const refused = await change(cookie, password).expect(503);
    append.mockRestore();
    expect(refused.body).toMatchObject({ code: 'event_log_unavailable' });
    await signIn(email, password).expect(200);
  });
});

describe('changing what is kept of a person', () => {
  const update = (cookie: string, fields: object) =>
    app.http.post('/api/auth/update-user').set('cookie', cookie).send(fields);

  it.each([
    ['an empty name', 'invalid_name', { name: ' ' }],
    ['a name with a key in it', 'invalid_name', { name: keyLike }],
    ['a name of two lines', 'invalid_name', { name: 'Eve\r\nBcc: all' }],
    ['a name that is no text', 'invalid_name', { name: { first: 'Eve' } }],
    ['no name', 'invalid_name', { name: null }],
    ['an image with a key in it', 'invalid_image', { image: `https://x.test/${keyLike}` }],
    ['an image that is no text', 'invalid_image', { image: [keyLike] }],
    ['an image that is a script', 'invalid_image', { image: 'javascript:alert(1)' }],
    ['a long image', 'invalid_image', { image: `https://x.test/${'x'.repeat(1_024)}` }],
  ])('to %s is refused and changes nothing', async (_, code, fields) => {
    const { cookie } = await app.signUp('Eve');
    const answer = await update(cookie, fields).expect(400);
    expect(answer.body).toMatchObject({ code });
    const session = await app.http.get('/api/auth/get-session').set('cookie', cookie).expect(200);
    expect(session.body).toMatchObject({ user: { name: 'Eve' } });
    expect(session.text).not.toContain(keyLike);
  });

  it('to another name and image is taken', async () => {
    const { cookie } = await app.signUp('Eve');
    await update(cookie, { name: 'Eva', image: 'https://x.test/eva.png' }).expect(200);
    await update(cookie, { image: null }).expect(200);
    const session = await app.http.get('/api/auth/get-session').set('cookie', cookie).expect(200);
    expect(session.body).toMatchObject({ user: { name: 'Eva', image: null } });
  });
});

it('G5: a key in a header or an address is not kept with the session or the limits', async () => {
  const { email, password: secret } = await app.signUp();
  await signIn(email, secret).set('user-agent', `curl ${keyLike}`).expect(200);
  await app.http.post(`/api/auth/${keyLike}`).send({}).expect(404);
  const kept = await Promise.all(
    ['session', 'rateLimit'].map((name) => app.models.db.collection(name).find().toArray()),
  );
  expect(JSON.stringify(kept)).toContain('curl axk_[redacted]');
  expect(JSON.stringify(kept)).not.toContain(keyLike);
});

describe('signing in', () => {
  it('is in the trail of every account the person is in', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben);
    await signIn(ben.email, ben.password).expect(200);
    expect(await typesIn(ada.cookie, ada.accountId)).toContain('SignedIn');
    expect(await typesIn(ben.cookie, ben.accountId)).toContain('SignedIn');
  });

  it('does not bring back who was removed from all accounts, and says so', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'owner');
    await app.http.delete(`/v1/members/${ada.userId}`).set('cookie', ada.cookie).expect(200);
    const cookie = cookieOf(await signIn(ada.email, ada.password).expect(200));
    const answer = await app.http.get('/v1/me').set('cookie', cookie).expect(403);
    expect(answer.body).toMatchObject({ code: 'no_account' });
  });

  it('that cannot be recorded begins no session', async () => {
    const { email, password: secret } = await app.signUp();
    const down = new EventLogError('event_log_unavailable', 'down');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
    const answer = await signIn(email, secret);
    append.mockRestore();
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      detail: expect.stringMatching(/you are not signed in/) as string,
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});
