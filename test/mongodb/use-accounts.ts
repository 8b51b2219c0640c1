import { randomUUID } from 'node:crypto';
import { cookieOf } from '../../apps/api/test/harness/app.js';
import type { SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { invite, join } from '../../apps/api/test/harness/people.js';
import { as } from './as.js';

/** Everything people do with each other. @returns an owner whose account has other members */
export async function useAccounts(app: TestApp): Promise<SignedUp> {
  const [ada, ben, cyd] = [
    await app.signUp('Ada'),
    await app.signUp('Ben'),
    await app.signUp('Cyd'),
  ];
  const owner = as(app, ada);
  const { token } = await invite(app, ada, cyd.email);
  await app.http.post('/v1/invitations/lookup').send({ token }).expect(200);
  await owner.get('/v1/members');
  await join(app, ada, ben);
  await join(app, ada, cyd);
  const { invitationId } = await invite(app, ada, `${randomUUID()}@example.com`);
  await owner.delete(`/v1/invitations/${invitationId}`);
  await owner.patch(`/v1/members/${ben.userId}`, { role: 'owner' });
  await owner.delete(`/v1/members/${cyd.userId}`);
  await as(app, ben).get('/v1/accounts');
  return ada;
}

/** Everything one person does with their sign-in. */
export async function usePasswords(app: TestApp): Promise<void> {
  const { cookie, email, password } = await app.signUp('Dan');
  const newPassword = randomUUID();
  const signIn = (secret: string, status: number) =>
    app.http
      .post('/api/auth/sign-in/email')
      .set('x-forwarded-for', '10.1.2.3')
      .send({ email, password: secret })
      .expect(status);
  await as(app, { cookie }).get('/api/auth/get-session');
  await as(app, { cookie }).post('/api/auth/update-user', { name: 'Dana' });
  const changing = { currentPassword: password, newPassword };
  await as(app, { cookie }).post('/api/auth/change-password', changing);
  await signIn(password, 401);
  const session = cookieOf(await signIn(newPassword, 200));
  await as(app, { cookie: session }).get('/api/auth/list-sessions');
  await as(app, { cookie: session }).post('/api/auth/sign-out', {});
  const last = cookieOf(await signIn(newPassword, 200));
  await as(app, { cookie: last }).post('/api/auth/revoke-sessions', {});
  await app.http
    .post('/api/auth/sign-up/email')
    .send({ name: 'Dan', email, password })
    .expect(({ status }) => {
      if (status < 400) throw new Error('an address was taken twice');
    });
}
