import { jest } from '@jest/globals';
import { EventLogError } from '@keytrail/event-store';
import { QueueFullError } from '@keytrail/platform';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
let key: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  key = await app.createKey(ada.cookie);
});
afterAll(() => app.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

const silent = () => new EventLogError('event_log_unavailable', 'no answer');
const loseAcknowledgements = () => {
  const append = app.log.appendEncoded.bind(app.log);
  jest.spyOn(app.log, 'appendEncoded').mockImplementation(async (...args) => {
    await append(...args);
    throw silent();
  });
};
const noModels = new Map<never, never>();
const create = (headers: Record<string, string> = {}) =>
  app.http
    .post('/v1/api-keys')
    .set({ cookie: ada.cookie, ...headers })
    .send({ name: 'Wanted' });

describe('a 503 says of a change that its outcome is not known', () => {
  const unknown = expect.stringMatching(/whether this was done is not known/) as string;

  it('when the acknowledgement of the log is lost, and a repeat with the same Idempotency-Key finds it', async () => {
    loseAcknowledgements();
    const headers = { 'idempotency-key': 'lost-1' };
    const cut = await create(headers).expect(503);
    expect(cut.body).toMatchObject({ code: 'event_log_unavailable', detail: unknown });
    expect(cut.headers['retry-after']).toBe('1');
    jest.restoreAllMocks();
    const repeat = await create(headers).expect(409);
    expect(repeat.body).toMatchObject({ code: 'key_already_created' });
  });

  it('when the read model is lost behind the append', async () => {
    const append = app.log.appendEncoded.bind(app.log);
    jest.spyOn(app.log, 'appendEncoded').mockImplementationOnce(async (...args) => {
      const appended = await append(...args);
      jest.spyOn(app.models.registry, 'load').mockResolvedValue(noModels);
      return appended;
    });
    const cut = await create().expect(503);
    expect(cut.body).toMatchObject({ code: 'read_model_unavailable', detail: unknown });
  });

  it('also of a revocation', async () => {
    const { apiKeyId } = await app.createKey(ada.cookie);
    loseAcknowledgements();
    const cut = await app.http.delete(`/v1/api-keys/${apiKeyId}`).set('cookie', ada.cookie);
    expect(cut.status).toBe(503);
    expect(cut.body).toMatchObject({ detail: unknown });
  });
});

describe('a 503 says that nothing came of the request', () => {
  it.each([
    ['a read', '/v1/api-keys', /was not carried out/, silent],
    [
      'a request that a full queue turns away',
      '/v1/me',
      /nothing was done/,
      () => new QueueFullError(),
    ],
    ['a request whose use is not recorded', '/v1/me', /was not let through/, silent],
  ])('of %s', async (_, path, detail, error) => {
    jest.spyOn(app.log, 'head').mockRejectedValue(error());
    jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(error());
    const who =
      path === '/v1/me' ? { authorization: `Bearer ${key.apiKey}` } : { cookie: ada.cookie };
    const refused = await app.http.get(path).set(who).expect(503);
    expect((refused.body as { detail: string }).detail).toMatch(detail);
  });

  it('of a check for another service', async () => {
    const append = app.log.appendEncoded.bind(app.log);
    jest.spyOn(app.log, 'appendEncoded').mockImplementationOnce(append).mockRejectedValue(silent());
    const refused = await app.http
      .post('/v1/verify')
      .set({ authorization: `Bearer ${key.apiKey}` })
      .send({ apiKey: key.apiKey, request: { method: 'GET', path: '/' } })
      .expect(503);
    expect((refused.body as { detail: string }).detail).toMatch(/was not let through/);
  });
});
