import { Fault } from './fault.mjs';
import { explainStatus } from './explain.mjs';

const FULL_NAME = 'Keytrail';

/**
 * Makes the user what it is to be: there, enabled, in no group, with this password.
 *
 * @param {import('./http-api.mjs').HttpApi} api
 * @param {import('./connection-string.mjs').Credentials} user
 * @param {(line: string) => void} tell
 */
export async function ensureUser(api, user, tell) {
  const { username, password } = user;
  const path = `/users/${encodeURIComponent(username)}`;
  const present = await succeed(api, 'GET', path, undefined, [404]);
  if (present === undefined) {
    const account = { loginName: username, fullName: FULL_NAME, groups: [], password };
    await succeed(api, 'POST', '/users/', account);
    tell(`created: the user ${username}, in no group`);
    return;
  }
  const { fullName = FULL_NAME, groups, disabled } = present.data ?? {};
  if (disabled === true) {
    await succeed(api, 'POST', `${path}/command/enable`, {});
    tell(`changed: the user ${username} was disabled`);
  }
  if (Array.isArray(groups) && groups.length > 0) {
    await succeed(api, 'PUT', path, { fullName, groups: [] });
    tell(`changed: the user ${username} is in no group; it was in ${groups.join(', ')}`);
  } else tell(`already so: the user ${username}, in no group`);
  await ensurePassword(api, user, path, tell);
}

/** A server tells nobody a password, but it lets in whoever knows it. */
async function ensurePassword(api, user, path, tell) {
  const { status } = await api.call('GET', '/users/$current', { credentials: user });
  if (status === 200) {
    tell(`already so: the password of ${user.username}`);
    return;
  }
  if (status !== 401) throw new Fault(explainStatus(status, user.username));
  await succeed(api, 'POST', `${path}/command/reset-password`, { newPassword: user.password });
  tell(`changed: the password of ${user.username}`);
}

/** @returns the body; undefined for a status that was expected besides success */
async function succeed(api, method, path, body, expected = []) {
  const answer = await api.call(method, path, { body });
  if (expected.includes(answer.status)) return undefined;
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new Fault(explainStatus(answer.status, api.server.credentials.username));
}
