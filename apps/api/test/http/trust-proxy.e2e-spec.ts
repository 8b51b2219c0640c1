import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

const FORGED = '203.0.113.66';
const CLIENT = '192.0.2.7';
const OUTER_PROXY = '10.0.0.1';

let main: TestApp;
let ada: SignedUp;
let key: IssuedKey;

beforeAll(async () => {
  main = await startTestApp();
  ada = await main.signUp();
  key = await main.createKey(ada.cookie);
});
afterAll(() => main.stop());

/** A second process of the same deployment that trusts as many proxies. */
async function trusting(proxies: string, run: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await startTestApp({ stores: main.stores, env: { TRUST_PROXY: proxies } });
  try {
    await run(app);
  } finally {
    await app.stop();
  }
}

const recorded = async (type: string): Promise<unknown> => {
  const answer = await main.http.get(`/v1/audit?type=${type}&order=desc&limit=1`).set({
    cookie: ada.cookie,
  });
  return (answer.body as { entries: { ip: unknown }[] }).entries[0]?.ip;
};

const use = ({ http }: TestApp, forwardedFor: string) =>
  http
    .get('/v1/me')
    .set({ authorization: `Bearer ${key.apiKey}`, 'x-forwarded-for': forwardedFor })
    .expect(200);

const signIn = ({ http }: TestApp, forwardedFor: string, password = ada.password) =>
  http
    .post('/api/auth/sign-in/email')
    .set('x-forwarded-for', forwardedFor)
    .send({ email: ada.email, password });

describe('the address that the trail records', () => {
  it.each([
    ['of whoever connects, without a proxy', 'false', CLIENT, '127.0.0.1'],
    ['that the one proxy saw', 'true', CLIENT, CLIENT],
    [
      'that the one proxy appended, not what its client claimed',
      'true',
      `${FORGED}, ${CLIENT}`,
      CLIENT,
    ],
    ['that the first of two proxies saw', '2', `${FORGED}, ${CLIENT}, ${OUTER_PROXY}`, CLIENT],
    ['that the proxy saw, without its port', 'true', `${FORGED}, ${CLIENT}:51008`, CLIENT],
    ['none when the proxy names none', 'true', `${CLIENT}, unknown`, null],
  ])('is %s', async (_, proxies, forwardedFor, ip) => {
    await trusting(proxies, async (app) => {
      await use(app, forwardedFor);
      expect(await recorded('KeyUsed')).toBe(ip);
      await signIn(app, forwardedFor).expect(200);
      expect(await recorded('SignedIn')).toBe(ip);
    });
  });
});

it('attempts to sign in are counted by the address that the proxy saw, whatever is claimed', async () => {
  await trusting('true', async (app) => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const seen = `192.0.2.99:${50_000 + attempt}`;
      const { status } = await signIn(app, `203.0.113.${attempt}, ${seen}`, 'wrong password');
      statuses.push(status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});

it('the host and the scheme are those that the nearest proxy appended', async () => {
  await trusting('true', async ({ http }) => {
    const answer = await http
      .post('/v1/invitations')
      .set({ cookie: ada.cookie, 'x-forwarded-host': 'evil.test, keys.test' })
      .set('x-forwarded-proto', 'http, https')
      .send({ email: 'ben@example.com', role: 'reviewer' })
      .expect(201);
    expect((answer.body as { url: string }).url).toMatch(/^https:\/\/keys\.test\//);
  });
});
