import { call } from '../api/http.js';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/** Opens a session; it is kept in an http-only cookie that this page cannot read. */
export const signIn = ({ email, password }: Credentials): Promise<unknown> =>
  call('/api/auth/sign-in/email', { method: 'POST', body: { email, password } });

/** Creates the person and the person's account, and opens a session. */
export const signUp = ({
  name,
  email,
  password,
}: Credentials & { readonly name: string }): Promise<unknown> =>
  call('/api/auth/sign-up/email', { method: 'POST', body: { name, email, password } });

export const signOut = (): Promise<unknown> =>
  call('/api/auth/sign-out', { method: 'POST', body: {} });
