import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { accountStream } from '@keytrail/domain';
import type { AccountEvent } from '@keytrail/domain';
import { EventLogError } from '@keytrail/event-store';
import { createHash } from 'node:crypto';
import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { invite, join, record, someAddress } from '../harness/people.js';
import type { SentInvitation } from '../../src/accounts/invite-member/invite-member.dto.js';

let app: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp('Ada');
});
afterAll(() => app.stop());

const post = (cookie = ada.cookie) => app.http.post('/v1/invitations').set('cookie', cookie);
const pendingOf = async (owner: SignedUp) => {
  const answer = await app.http.get('/v1/members').set('cookie', owner.cookie).expect(200);
  return (answer.body as { invitations: { id: string; email: string; role: string }[] })
    .invitations;
};

describe('POST /v1/invitations', () => {
  it('201: a link for seven days; the log keeps only the hash of its token', async () => {
    const email = someAddress();
    const answer = await post()
      .send({ email: ` ${email.toUpperCase()} `, role: 'reviewer' })
      .expect(201);
    const invitation = answer.body as SentInvitation;
    const { invitationId, url, expiresAt } = invitation;
    expect(invitation).toEqual({
      ...{ invitationId, email, role: 'reviewer', url, expiresAt, mailSent: false },
    });
    const [page, token = ''] = url.split('#');
    expect(page).toBe(`${app.baseUrl}/join`);
    const events = await app.log.readStream(accountStream(ada.accountId));
    const invited = events.find(({ data }) => data['invitationId'] === invitationId);
    expect(invited).toMatchObject({
      type: 'MemberInvited',
      data: { tokenHash: createHash('sha256').update(token).digest('hex') },
      context: { actor: { type: 'user', id: ada.userId, label: ada.email } },
    });
    const lifetimeMs = Date.parse(expiresAt) - Date.parse(invited?.context.occurredAt ?? '');
    expect(lifetimeMs).toBe(7 * 24 * 3_600_000);
    expect(JSON.stringify(events.map(({ data }) => data))).not.toContain(token);
    expect(app.logLines.join('')).not.toContain(token);
    expect(await pendingOf(ada)).toMatchObject([{ id: invitationId, email, role: 'reviewer' }]);
  });

  it('201: a new invitation of an address ends the one before', async () => {
    const owner = await app.signUp();
    const email = someAddress();
    const first = await invite(app, owner, email, 'reviewer');
    const second = await invite(app, owner, email, 'owner');
    expect(await pendingOf(owner)).toMatchObject([{ id: second.invitationId, role: 'owner' }]);
    const lookUp = (token: string) => app.http.post('/v1/invitations/lookup').send({ token });
    await lookUp(first.token).expect(404);
    await lookUp(second.token).expect(200);
  });

  it.each([
    ['email', { role: 'reviewer' }],
    ['email', { email: 'ben', role: 'reviewer' }],
    ['email', { email: ['ben@example.com'], role: 'reviewer' }],
    ['email', { email: `axk_${'a1B2c3'.repeat(5)}@example.com`, role: 'reviewer' }],
    ['role', { email: 'ben@example.com' }],
    ['role', { email: 'ben@example.com', role: 'admin' }],
    ['note', { email: 'ben@example.com', role: 'owner', note: 'Hello' }],
  ])('400: %s is at fault in %j', async (field, body) => {
    const answer = await post().send(body).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });

  it('401: nobody is signed in', async () => {
    const answer = await app.http.post('/v1/invitations').send({}).expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: reviewers, bearer keys and pages of other sites cannot invite', async () => {
    const ben = await app.signUp('Ben');
    await join(app, ada, ben, 'reviewer');
    const { apiKey } = await app.createKey(ada.cookie);
    const body = { email: someAddress(), role: 'reviewer' };
    const reviewer = await post(ben.cookie).send(body).expect(403);
    expect(reviewer.body).toMatchObject({ code: 'insufficient_role' });
    const key = app.http.post('/v1/invitations').set('authorization', `Bearer ${apiKey}`);
    expect((await key.send(body).expect(403)).body).toMatchObject({ code: 'session_required' });
    const foreign = await post().set('origin', 'https://evil.example').send(body).expect(403);
    expect(foreign.body).toMatchObject({ code: 'foreign_origin' });
  });

  it('409: a member is not invited again', async () => {
    const [owner, ben] = [await app.signUp(), await app.signUp('Ben')];
    await join(app, owner, ben);
    for (const { email } of [owner, ben]) {
      const answer = await post(owner.cookie).send({ email, role: 'owner' }).expect(409);
      expect(answer.body).toMatchObject({ code: 'already_member' });
    }
  });

  const invitations = (owner: SignedUp, count: number): AccountEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      type: 'MemberInvited',
      data: {
        ...{ accountId: owner.accountId, invitationId: `inv_${index}`, email: someAddress() },
        ...{ role: 'reviewer', tokenHash: randomUUID(), expiresAt: '2999-01-01T00:00:00.000Z' },
      },
    }));

  it('409: of open invitations there are 200 at most, and all stay good', async () => {
    const owner = await app.signUp();
    await record(app, owner, invitations(owner, 199));
    const { token } = await invite(app, owner, someAddress());
    const refused = await post(owner.cookie).send({ email: someAddress(), role: 'owner' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'too_many_invitations' });
    expect(await pendingOf(owner)).toHaveLength(200);
    await app.http.post('/v1/invitations/lookup').send({ token }).expect(200);
  });

  it('409: who joins is not one of more than 1,000, and can join when there is room', async () => {
    const [owner, ben] = [await app.signUp(), await app.signUp('Ben')];
    const { token } = await invite(app, owner, ben.email);
    const { accountId } = owner;
    const others: AccountEvent[] = Array.from({ length: 999 }, (_, index) => ({
      type: 'MemberJoined',
      data: {
        ...{ accountId, userId: `user_${index}`, email: someAddress(), name: 'Cyd' },
        ...{ role: 'reviewer', invitationId: null },
      },
    }));
    await record(app, owner, others);
    const joining = () =>
      app.http.post('/v1/invitations/accept').set('cookie', ben.cookie).send({ token });
    expect((await joining().expect(409)).body).toMatchObject({ code: 'too_many_members' });
    const body = { email: someAddress(), role: 'owner' };
    const inviting = await post(owner.cookie).send(body).expect(409);
    expect(inviting.body).toMatchObject({ code: 'too_many_members' });
    const gone = app.http.delete('/v1/members/user_0').set('cookie', owner.cookie);
    await gone.set('keytrail-account', accountId).expect(200);
    await joining().expect(200);
  });

  it('429: of one account 500 invitations go out within a day', async () => {
    const owner = await app.signUp();
    const { accountId } = owner;
    const withdrawn = invitations(owner, 500).flatMap((invited): AccountEvent[] => {
      const { invitationId = '' } = invited.data as { invitationId?: string };
      return [invited, { type: 'InvitationWithdrawn', data: { accountId, invitationId } }];
    });
    await record(app, owner, withdrawn);
    const refused = await post(owner.cookie).send({ email: someAddress(), role: 'owner' });
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'rate_limited' });
    expect(refused.headers['retry-after']).toBe('3600');
    expect(await pendingOf(owner)).toEqual([]);
  });

  it('409: when others go on changing the account, with when to try again', async () => {
    const owner = await app.signUp();
    const moved = new EventLogError('wrong_expected_revision', 'somebody was first');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(moved);
    const answer = await post(owner.cookie).send({ email: someAddress(), role: 'owner' });
    append.mockRestore();
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'conflict' });
    expect(answer.headers['retry-after']).toBe('1');
    expect(await pendingOf(owner)).toEqual([]);
  });

  it('503: an invitation that cannot be recorded is none', async () => {
    const owner = await app.signUp();
    const down = new EventLogError('event_log_unavailable', 'down');
    const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
    const answer = await post(owner.cookie).send({ email: someAddress(), role: 'owner' });
    append.mockRestore();
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(await pendingOf(owner)).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    'plain@example.com',
    'Capital@Example.com',
    "o'neil+tag@mail.example.com",
    'first.last@example.com',
    'ä@example.com',
    '"a b"@example.com',
    'a@exämple.com',
    'a!b@example.com',
    'a..b@example.com',
    'a@example',
    'a@-x.com',
  ])('can be invited only if it can sign up: %s', async (address) => {
    const email = address.replace(/example\.com$/i, `${randomUUID()}.example.com`);
    const invited = await app.http
      .post('/v1/invitations')
      .set('cookie', ada.cookie)
      .send({ email, role: 'reviewer' });
    const signedUp = await app.http
      .post('/api/auth/sign-up/email')
      .set('x-forwarded-for', '10.1.2.3')
      .send({ name: 'Ben', email, password: 'long enough a password' });
    const isLet = signedUp.status === 200;
    expect([address, invited.status]).toEqual([address, isLet ? 201 : 400]);
  });
});
