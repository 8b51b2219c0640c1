import { call } from '../api/http.js';
import { tellOtherTabs } from './other-tabs.js';
import { forgetSessionShown } from './tab.js';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/** Opens a session; it is kept in an http-only cookie that this page cannot read. */
export const signIn = ({ email, password }: Credentials): Promise<void> =>
  open('/api/auth/sign-in/email', { email, password });

/** Creates the person and the person's account, and opens a session. */
export const signUp = ({
  name,
  email,
  password,
}: Credentials & { readonly name: string }): Promise<void> =>
  open('/api/auth/sign-up/email', { name, email, password });

async function open(path: string, body: object): Promise<void> {
  await call(path, { method: 'POST', body });
  tellOtherTabs('begun');
}

/** Ends the session in all tabs of this browser. */
export async function signOut(): Promise<void> {
  await call('/api/auth/sign-out', { method: 'POST', body: {} });
  forgetSessionShown();
  tellOtherTabs('over');
}
