import { jest } from '@jest/globals';
import { accountStream } from '@keytrail/domain';
import { formatPosition } from '@keytrail/event-store';
import { ReadModelError } from '@keytrail/projections';
import { startTestApp, type IssuedKey, type SignedUp, type TestApp } from '../harness/app.js';
import { join } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
let ben: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
  await join(app, ada, ben, 'owner');
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => app.stop());

const remove = (userId: string, { cookie } = ada) =>
  app.http
    .delete(`/v1/members/${userId}`)
    .set('cookie', cookie)
    .set('keytrail-account', ada.accountId);

const ownersOf = async ({ cookie }: SignedUp): Promise<string[]> => {
  const answer = await app.http
    .get('/v1/members')
    .set('cookie', cookie)
    .set('keytrail-account', ada.accountId)
    .expect(200);
  const { members } = answer.body as { members: { userId: string; role: string }[] };
  return members.filter(({ role }) => role === 'owner').map(({ userId }) => userId);
};

describe('DELETE /v1/members/{userId}', () => {
  it('200: a removed member is refused by every process at once', async () => {
    const other = await startTestApp({ stores: app.stores });
    const listKeys = ({ http }: TestApp) =>
      http.get('/v1/api-keys').set('cookie', ben.cookie).set('keytrail-account', ada.accountId);
    try {
      for (const process of [app, other]) await listKeys(process).expect(200);
      await remove(ben.userId).expect(200, {
        success: true,
        userId: ben.userId,
        activeKeys: [],
      });
      for (const process of [app, other]) {
        const answer = await listKeys(process).expect(401);
        expect(answer.body).toMatchObject({ code: 'wrong_account' });
      }
    } finally {
      await other.stop();
    }
  });

  it('200: a removed member is in their own account still, with nothing of the other', async () => {
    await app.createKey(ada.cookie);
    await remove(ben.userId).expect(200);
    const me = await app.http.get('/v1/me').set('cookie', ben.cookie).expect(200);
    expect(me.body).toMatchObject({ account: { id: ben.accountId } });
    const keys = await app.http.get('/v1/api-keys').set('cookie', ben.cookie).expect(200);
    expect(keys.body).toMatchObject({ keys: [], activeCount: 0 });
  });

  it('200: oneself, while another owner remains', async () => {
    await remove(ada.userId).expect(200, {
      success: true,
      userId: ada.userId,
      activeKeys: [],
    });
    expect(await ownersOf(ben)).toEqual([ben.userId]);
  });

  it('200: says which keys of theirs are still active, and the list finds them', async () => {
    const madeByBen = async (name: string) => {
      const request = app.http.post('/v1/api-keys').set('cookie', ben.cookie);
      const made = await request.set('keytrail-account', ada.accountId).send({ name }).expect(201);
      return made.body as IssuedKey;
    };
    const [kept, revoked] = [await madeByBen('Kept'), await madeByBen('Revoked')];
    await app.createKey(ada.cookie, 'Not his');
    const asAda = (method: 'get' | 'delete', path: string) =>
      app.http[method](path).set('cookie', ada.cookie).set('keytrail-account', ada.accountId);
    await asAda('delete', `/v1/api-keys/${revoked.apiKeyId}`).expect(200);
    const listed = await asAda('get', `/v1/api-keys?createdBy=${ben.email}`).expect(200);
    const { keys } = listed.body as { keys: { id: string; status: string }[] };
    expect(keys.map(({ id, status }) => [id, status])).toEqual([
      [revoked.apiKeyId, 'Revoked'],
      [kept.apiKeyId, 'Active'],
    ]);
    const removed = await remove(ben.userId).expect(200);
    expect(removed.body).toMatchObject({
      activeKeys: [{ id: kept.apiKeyId, name: 'Kept', keyPrefix: kept.keyPrefix }],
    });
    await app.http.get('/v1/me').set('authorization', `Bearer ${kept.apiKey}`).expect(200);
  });

  it('200: knows a key that was made a moment before', async () => {
    const request = app.http.post('/v1/api-keys').set('cookie', ben.cookie);
    await request.set('keytrail-account', ada.accountId).send({ name: 'Late' }).expect(201);
    const [events, waitFor] = [
      await app.log.readStream(accountStream(ada.accountId)),
      jest.spyOn(app.models.views, 'waitFor'),
    ];
    const removed = await remove(ben.userId).expect(200);
    expect(removed.body).toMatchObject({ activeKeys: [{ name: 'Late' }] });
    const [, position = ''] = waitFor.mock.calls.find(([models]) => models[0] === 'keys') ?? [];
    const before = events.at(-1);
    expect(before && position > formatPosition(before.position)).toBe(true);
  });

  it('200: the person is removed also when the list of keys does not answer', async () => {
    const behind = new ReadModelError('read_model_behind', 'not yet');
    jest.spyOn(app.models.views, 'waitFor').mockRejectedValue(behind);
    const removed = await remove(ben.userId).expect(200);
    expect(removed.body).toEqual({ success: true, userId: ben.userId, activeKeys: null });
    jest.restoreAllMocks();
    expect(await ownersOf(ada)).toEqual([ada.userId]);
  });

  it('200: a reviewer leaves, and removes nobody else', async () => {
    const cyd = await app.signUp('Cyd');
    await join(app, ada, cyd, 'reviewer');
    await remove(ada.userId, cyd).expect(403);
    await remove(cyd.userId, cyd).expect(200);
    await remove(cyd.userId, cyd).expect(401);
  });

  it('401: nobody is signed in', async () => {
    const answer = await app.http.delete(`/v1/members/${ben.userId}`).expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: reviewers and bearer keys remove nobody', async () => {
    const cyd = await app.signUp('Cyd');
    await join(app, ada, cyd, 'reviewer');
    const reviewer = await remove(ben.userId, cyd).expect(403);
    expect(reviewer.body).toMatchObject({ code: 'insufficient_role' });
    const { apiKey } = await app.createKey(ada.cookie);
    const key = await app.http
      .delete(`/v1/members/${ben.userId}`)
      .set('authorization', `Bearer ${apiKey}`)
      .expect(403);
    expect(key.body).toMatchObject({ code: 'session_required' });
  });

  it('404: unknown, removed already, or a member of another account only', async () => {
    const cyd = await app.signUp('Cyd');
    await remove(ben.userId).expect(200);
    for (const userId of ['nobody', ben.userId, cyd.userId]) {
      const answer = await remove(userId).expect(404);
      expect(answer.body).toMatchObject({ code: 'not_found' });
    }
  });

  it('409: the last owner stays', async () => {
    await remove(ben.userId).expect(200);
    const answer = await remove(ada.userId).expect(409);
    expect(answer.body).toMatchObject({ code: 'last_owner' });
    await app.createKey(ada.cookie);
  });

  it('an owner always remains, also when two remove each other at the same time', async () => {
    const answers = await Promise.all([remove(ben.userId, ada), remove(ada.userId, ben)]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await ownersOf(statuses[0] === 200 ? ada : ben)).toHaveLength(1);
  });
});
