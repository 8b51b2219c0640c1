import { HttpException } from '@nestjs/common';

export const MISSING_CREDENTIALS = 'missing_credentials';
export const MALFORMED_AUTHORIZATION = 'malformed_authorization';

const details: Readonly<Record<string, string>> = {
  [MISSING_CREDENTIALS]: 'Send an API key as `Authorization: Bearer <key>`.',
  [MALFORMED_AUTHORIZATION]:
    'The Authorization header must be exactly `Bearer <key>`, with one space.',
  malformed_key: 'This is not a whole key: check it for a typing or copying mistake.',
  unknown_key: 'This key is not known here.',
  revoked_key: 'This key was revoked; ask for another one.',
  keytrail_unavailable: 'The key could not be checked right now; nothing was done.',
};

/** A refusal as an RFC 9457 problem document, in the words that Keytrail itself uses. */
export function problem(status: 401 | 503, code: string): HttpException {
  const title = status === 401 ? 'Unauthorized' : 'Service Unavailable';
  const detail = details[code] ?? 'The key was refused.';
  return new HttpException(
    { type: `urn:keytrail:problem:${code}`, title, status, detail, code },
    status,
  );
}

/** What goes with it: the challenge of RFC 6750, or when to come back. */
export function headersOf(status: 401 | 503, code: string): Readonly<Record<string, string>> {
  const type = { 'content-type': 'application/problem+json; charset=utf-8' };
  if (status === 503) return { ...type, 'retry-after': '1' };
  const error = code === MALFORMED_AUTHORIZATION ? 'invalid_request' : 'invalid_token';
  const reason =
    code === MISSING_CREDENTIALS ? '' : `, error="${error}", error_description="${code}"`;
  return { ...type, 'www-authenticate': `Bearer realm="keytrail"${reason}` };
}
