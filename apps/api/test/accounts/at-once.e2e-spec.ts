import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { invite, someAddress } from '../harness/people.js';

let app: TestApp;
let other: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  other = await startTestApp({ stores: app.stores });
});
beforeEach(async () => {
  ada = await app.signUp('Ada');
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

const one = () => [app];
const two = () => [app, other];
const processes: [string, () => TestApp[]][] = [
  ['one process', one],
  ['two processes', two],
];

/** Does something so many times at once, by the processes in turn, and tells the statuses. */
async function atOnce(
  apps: readonly TestApp[],
  count: number,
  call: (http: TestApp['http'], index: number) => Promise<{ readonly status: number }>,
): Promise<number[]> {
  const calls = Array.from({ length: count }, (_, index) => {
    const { http } = apps[index % apps.length] ?? app;
    return call(http, index);
  });
  return (await Promise.all(calls)).map(({ status }) => status);
}

const peopleOf = async ({ cookie }: SignedUp) => {
  const answer = await app.http.get('/v1/members').set('cookie', cookie).expect(200);
  return answer.body as { members: { email: string }[]; invitations: { email: string }[] };
};

describe('commands on one account at the same moment that do not contradict each other', () => {
  it.each(processes)('all succeed: 20 invitations, over %s', async (_, apps) => {
    const addresses = Array.from({ length: 20 }, someAddress);
    const statuses = await atOnce(apps(), 20, (http, index) =>
      http
        .post('/v1/invitations')
        .set('cookie', ada.cookie)
        .send({ email: addresses[index], role: 'reviewer' }),
    );
    expect(statuses).toEqual(addresses.map(() => 201));
    const { invitations } = await peopleOf(ada);
    expect(invitations.map(({ email }) => email).sort()).toEqual(addresses.sort());
  });

  it.each(processes)('all succeed: 8 people accept, over %s', async (_, apps) => {
    const people: (SignedUp & { readonly token: string })[] = [];
    for (let person = 0; person < 8; person += 1) {
      const signedUp = await app.signUp('Ben');
      people.push({ ...signedUp, ...(await invite(app, ada, signedUp.email)) });
    }
    const statuses = await atOnce(apps(), 8, (http, index) =>
      http
        .post('/v1/invitations/accept')
        .set('cookie', people[index]?.cookie ?? '')
        .send({ token: people[index]?.token }),
    );
    expect(statuses).toEqual(people.map(() => 200));
    const { members } = await peopleOf(ada);
    const expected = [ada, ...people].map(({ email }) => email);
    expect(members.map(({ email }) => email).sort()).toEqual(expected.sort());
  });

  it.each(processes)('and of those that do, one does: invited again, over %s', async (_, apps) => {
    const email = someAddress();
    const statuses = await atOnce(apps(), 8, (http) =>
      http.post('/v1/invitations').set('cookie', ada.cookie).send({ email, role: 'reviewer' }),
    );
    expect(statuses).toEqual(statuses.map(() => 201));
    // Each takes the place of the one before.
    expect((await peopleOf(ada)).invitations).toMatchObject([{ email }]);
  });
});
