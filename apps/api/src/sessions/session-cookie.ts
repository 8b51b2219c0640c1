import { parseCookies } from 'better-call';

export interface CookieOptions {
  /** With what the names of cookies begin; browsers do not tell the ports of a host apart. */
  readonly prefix: string;
  /** Whether browsers send them over https only. */
  readonly secure: boolean;
}

/** With what the sign-in library is to begin the names of its cookies. */
export const cookiePrefix = ({ prefix, secure }: CookieOptions): string =>
  secure ? `__Host-${prefix}` : prefix;

/**
 * The token of the session in a `Cookie` header, as the sign-in library finds it there, whatever stands around
 * it and however it is spelled; its signature is not looked at. Empty when there is none.
 */
export function sessionTokenIn(header: string, cookies: CookieOptions): string {
  const signed = parseCookies(header).get(`${cookiePrefix(cookies)}.session_token`) ?? '';
  return signed.slice(0, Math.max(0, signed.lastIndexOf('.')));
}
