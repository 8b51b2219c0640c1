import { textFault } from '@keytrail/domain';
import { redact } from '@keytrail/platform';
import { APIError } from 'better-auth/api';
import { passwordFault } from './password-rules.js';

const LONGEST_NAME = 80;
/** Of a whole address, by RFC 5321 (section 4.5.3.1.3, without the angle brackets). */
export const LONGEST_EMAIL = 254;
const LONGEST_IMAGE = 1_024;

/** What a caller may set of a person. A change holds some of them, of types not checked yet. */
interface PersonFields {
  readonly name?: unknown;
  readonly email?: unknown;
  readonly image?: unknown;
}

/**
 * What is kept of people stands in the log, in lists and in mails: a secret must never be there, nor
 * a name that breaks a line or reorders text.
 *
 * @throws APIError 400 `INVALID_NAME`, `INVALID_EMAIL` or `INVALID_IMAGE`
 */
export function refuseUnwritable({ name, email, image }: PersonFields): void {
  if (name !== undefined && !isName(name)) {
    const rule = `1 to ${LONGEST_NAME} characters long and contain no key and no control characters`;
    throw refused('INVALID_NAME', `The name must be ${rule}.`);
  }
  if (email !== undefined && !(isTextWithoutKey(email) && email.length <= LONGEST_EMAIL)) {
    const rule = `at most ${LONGEST_EMAIL} characters long and contain no key`;
    throw refused('INVALID_EMAIL', `The address must be ${rule}.`);
  }
  if (image !== undefined && image !== null && !isImage(image)) {
    const rule = `an https address of at most ${LONGEST_IMAGE} characters without a key in it`;
    throw refused('INVALID_IMAGE', `The image must be ${rule}.`);
  }
}

/** @throws APIError 400 `PASSWORD_TOO_WEAK` for a new password that is easy to guess */
export function refuseGuessable(password: unknown, email: string): void {
  const fault = typeof password === 'string' ? passwordFault(password, email) : null;
  if (fault !== null) {
    throw refused('PASSWORD_TOO_WEAK', `The password is easy to guess: ${fault}.`);
  }
}

const isTextWithoutKey = (value: unknown): value is string =>
  typeof value === 'string' && redact(value) === value;

const isImage = (value: unknown): boolean =>
  isTextWithoutKey(value) &&
  value.length <= LONGEST_IMAGE &&
  URL.canParse(value) &&
  new URL(value).protocol === 'https:';

const isName = (value: unknown): boolean =>
  isTextWithoutKey(value) &&
  value.trim() !== '' &&
  value.length <= LONGEST_NAME &&
  textFault(value) === null;

const refused = (code: string, message: string): APIError =>
  new APIError('BAD_REQUEST', { code, message });
