import { Problem } from '../../http/problem.js';

export type UnauthorizedCode =
  | 'missing_credentials'
  | 'malformed_authorization'
  | 'malformed_key'
  | 'unknown_key'
  | 'revoked_key'
  | 'wrong_account';

const details: Readonly<Record<UnauthorizedCode, string>> = {
  missing_credentials: 'Send an API key as `Authorization: Bearer <key>`, or sign in.',
  malformed_authorization:
    'The Authorization header must be exactly `Bearer <key>`, with one space.',
  malformed_key: 'This is not a whole key: check it for a typing or copying mistake.',
  unknown_key: 'No such key was ever issued here.',
  revoked_key: 'This key was revoked; ask an owner of the account for another one.',
  wrong_account: 'The account named in Keytrail-Account is not the one that you belong to.',
};

/** 401 with the challenge of RFC 6750; `error` is left out when no credentials came (section 3.1). */
export function unauthorized(code: UnauthorizedCode): Problem {
  const error = code === 'malformed_authorization' ? 'invalid_request' : 'invalid_token';
  const challenge = 'Bearer realm="keytrail"';
  return new Problem({
    status: 401,
    code,
    detail: details[code],
    headers: {
      'www-authenticate':
        code === 'missing_credentials'
          ? challenge
          : `${challenge}, error="${error}", error_description="${code}"`,
    },
  });
}

/** One for each way in which credentials can be refused. */
export const allUnauthorized = (): Problem[] =>
  (Object.keys(details) as UnauthorizedCode[]).map(unauthorized);
