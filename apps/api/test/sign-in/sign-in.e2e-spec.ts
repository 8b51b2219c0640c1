import { jest } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { EventLogError } from '@keytrail/event-store';
import { cookieOf, startTestApp, type TestApp } from '../harness/app.js';
import { bytesOnWire } from '../../src/http/wire-text.js';
import { join, someAddress } from '../harness/people.js';
import { PasswordHasher } from '../../src/sessions/password-hasher.js';

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

describe.each(['Größe/1', 'Кит 🐋', 'a\u0085b'])('the user agent %j', (userAgent) => {
  it('hinders neither signing in nor a session, and is in the trail as it is shown', async () => {
    const { email, password: own } = await app.signUp('Eve');
    const headers = { 'user-agent': bytesOnWire(userAgent), 'content-type': 'application/json' };
    const signedIn = await fetch(`${app.baseUrl}/api/auth/sign-in/email`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ email, password: own }) },
    });
    expect(signedIn.status).toBe(200);
    const [cookie = ''] = signedIn.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
    const trail = await fetch(`${app.baseUrl}/v1/audit?type=SignedIn`, {
      headers: { ...headers, cookie },
    });
    expect(trail.status).toBe(200);
    const { entries } = (await trail.json()) as { entries: { userAgent: string }[] };
    expect(entries.map((entry) => entry.userAgent)).toEqual([
      userAgent.replace('\u0085', '\ufffd'),
    ]);
  });
});

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

  it('is not begun by a wrong password', async () => {
    const email = someAddress();
    await signUp(email).expect(200);
    const answer = await signIn(email, 'wrong password').expect(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is not what is stored: there is the hash of its token', async () => {
    const cookie = cookieOf(await signUp(someAddress()).expect(200));
    const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
    const stored = await app.models.db.collection('session').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(token);
    const hash = `sha256:${createHash('sha256').update(token).digest('base64url')}`;
    const mine = stored.find((session) => session['token'] === hash);
    expect(mine).toBeDefined();
    const day = 24 * 60 * 60 * 1_000;
    const soon = { $set: { expiresAt: new Date(Date.now() + 2 * day) } };
    await app.models.db.collection('session').updateOne({ token: hash }, soon);
    const renewed = await app.http.get('/api/auth/get-session').set('cookie', cookie).expect(200);
    expect(cookieOf(renewed)).toBe(cookie);
    expect(renewed.text).not.toContain(hash);
    await app.http.get('/v1/me').set('cookie', cookie).expect(200);
  });

  it('ends everywhere when all are ended', async () => {
    const email = someAddress();
    const cookies = [cookieOf(await signUp(email)), cookieOf(await signIn(email))];
    const listed = await app.http.get('/api/auth/list-sessions').set('cookie', cookies[0] ?? '');
    expect(listed.body).toHaveLength(2);
    expect(listed.text).not.toContain('token');
    const ending = app.http.post('/api/auth/revoke-sessions').set('cookie', cookies[0] ?? '');
    await ending.send({}).expect(200);
    for (const cookie of cookies) await app.http.get('/v1/me').set('cookie', cookie).expect(401);
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

describe('a sign-in with an address', () => {
  it.each([255, 60_000])('of %d characters is refused before anything is kept of it', async (n) => {
    const answer = await signIn(`${'x'.repeat(n - '@example.com'.length)}@example.com`).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_email' });
  });

  it('of 254 characters is tried', async () => {
    await signIn(`${'x'.repeat(242)}@example.com`).expect(401);
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
  const change = (
    cookie: string,
    currentPassword: string,
    newPassword = 'another horse battery',
    more: object = {},
  ) =>
    app.http
      .post('/api/auth/change-password')
      .set('cookie', cookie)
      .send({ currentPassword, newPassword, ...more });

  it.each([undefined, true, false])(
    'ends all sessions but the one that it begins, also with revokeOtherSessions: %s',
    async (revokeOtherSessions) => {
      const { cookie, email, password } = await app.signUp('Eve');
      const other = cookieOf(await signIn(email, password));
      const changed = await change(cookie, password, undefined, { revokeOtherSessions }).expect(
        200,
      );
      await app.http.get('/v1/me').set('cookie', other).expect(401);
      await app.http.get('/v1/me').set('cookie', cookie).expect(401);
      await app.http.get('/v1/me').set('cookie', cookieOf(changed)).expect(200);
    },
  );

  it.each([
    ['a short one', 'password_too_short', 'nine char'],
    ['one that is used most', 'password_too_weak', 'Password123'],
    ['spaces', 'password_too_weak', ' '.repeat(12)],
  ])('is no %s, nor at the sign-up', async (_, code, weak) => {
    const { cookie, password } = await app.signUp('Eve');
    const refused = await change(cookie, password, weak).expect(400);
    expect(refused.body).toMatchObject({ code });
    await app.http.get('/v1/me').set('cookie', cookie).expect(200);
    const body = { name: 'Eve', email: someAddress(), password: weak };
    const signingUp = await app.http.post('/api/auth/sign-up/email').send(body).expect(400);
    expect(signingUp.body).toMatchObject({ code });
  });

  it('is not the address', async () => {
    const { cookie, email, password } = await app.signUp('Eve');
    const refused = await change(cookie, password, email).expect(400);
    expect(refused.body).toMatchObject({ code: 'password_too_weak' });
    const address = someAddress();
    const body = { name: 'Eve', email: address, password: address };
    await app.http.post('/api/auth/sign-up/email').send(body).expect(400);
  });

  it('is asked for by nobody: earlier ones go on being good', async () => {
    const { email } = await app.signUp('Eve');
    const hash = await new PasswordHasher().hash('12345678');
    const accounts = app.models.db.collection('account');
    const person = await app.models.db.collection('user').findOne({ email });
    await accounts.updateOne({ userId: person?._id }, { $set: { password: hash } });
    await signIn(email, '12345678').expect(200);
  });

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

describe('the trail of each account of a person', () => {
  const entries = async (cookie: string, accountId: string, type: string) => {
    const request = app.http.get(`/v1/audit?type=${type}`).set('cookie', cookie);
    const answer = await request.set('keytrail-account', accountId).expect(200);
    return (answer.body as { entries: Record<string, unknown>[] }).entries;
  };
  const found = async (cookie: string, accountId: string, type: string) => {
    for (;;) {
      const list = await entries(cookie, accountId, type);
      if (list.length > 0) return list;
    }
  };

  it('has their new name, which the lists show, too', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben);
    const renaming = app.http.post('/api/auth/update-user').set('cookie', ben.cookie);
    await renaming.send({ name: 'Benjamin' }).expect(200);
    const list = await app.http.get('/v1/members').set('cookie', ada.cookie).expect(200);
    const { members } = list.body as { members: { userId: string; name: string }[] };
    expect(members.find(({ userId }) => userId === ben.userId)?.name).toBe('Benjamin');
    for (const { cookie, accountId } of [ada, ben]) {
      expect(await entries(cookie, accountId, 'MemberRenamed')).toMatchObject([
        { details: { name: 'Benjamin', email: ben.email }, actor: { id: ben.userId } },
      ]);
    }
    await app.http
      .post('/api/auth/update-user')
      .set('cookie', ben.cookie)
      .send({ name: 'Benjamin' });
    expect(await entries(ada.cookie, ada.accountId, 'MemberRenamed')).toHaveLength(1);
  });

  it('has the ends of their sessions', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben);
    const other = cookieOf(await signIn(ben.email, ben.password));
    await app.http.post('/api/auth/sign-out').set('cookie', other).send({}).expect(200);
    await app.http.post('/api/auth/sign-out').set('cookie', other).send({}).expect(200);
    await app.http.post('/api/auth/revoke-sessions').set('cookie', ben.cookie).send({}).expect(200);
    for (const type of ['SignedOut', 'SessionsEnded']) {
      expect(await entries(ada.cookie, ada.accountId, type)).toMatchObject([
        { details: { userId: ben.userId }, actor: { type: 'user', id: ben.userId } },
      ]);
    }
  });

  it('has attempts to sign in as them, folded, and the log has the caller', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben);
    const attempts = ['198.51.100.7', '198.51.100.7', '198.51.100.8'];
    for (const ip of attempts) {
      await signIn(ben.email, 'wrong password').set('x-forwarded-for', ip).expect(401);
    }
    await signIn(someAddress(), 'wrong password').set('x-forwarded-for', '198.51.100.9');
    await found(ada.cookie, ada.accountId, 'SignInFailed');
    const inBens = await found(ben.cookie, ben.accountId, 'SignInFailed');
    expect(inBens[0]).toMatchObject({
      ip: '198.51.100.7',
      actor: { type: 'anonymous', label: ben.email },
      details: { email: ben.email, reason: 'wrong_password', count: 1 },
    });
    const lines = app.logLines.filter((line) => line.includes('"a sign-in was refused"'));
    for (const ip of new Set([...attempts, '198.51.100.9'])) {
      expect(lines.filter((line) => line.includes(`"ip":"${ip}"`))).toHaveLength(1);
    }
  });

  it('lacks the end of a session that cannot be recorded, which ends all the same', async () => {
    const { cookie } = await app.signUp('Eve');
    const down = new EventLogError('event_log_unavailable', 'down');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
    await app.http.post('/api/auth/sign-out').set('cookie', cookie).send({}).expect(200);
    append.mockRestore();
    await app.http.get('/v1/me').set('cookie', cookie).expect(401);
    expect(app.logLines.join('')).toContain('the end of a session could not be recorded');
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

it('G5: a key in a header is not kept with the session', async () => {
  const { email, password: secret } = await app.signUp();
  await signIn(email, secret).set('user-agent', `curl ${keyLike}`).expect(200);
  const kept = await app.models.db.collection('session').find().toArray();
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
