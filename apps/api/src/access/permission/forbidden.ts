import type { ProblemCode } from '../../http/problem-codes.js';
import { Problem } from '../../http/problem.js';

const forbidden = (code: ProblemCode, detail: string): Problem =>
  new Problem({ status: 403, code, detail });

export const sessionRequired = (): Problem =>
  forbidden('session_required', 'An API key cannot do this; sign in as an owner.');

export const insufficientRole = (): Problem =>
  forbidden('insufficient_role', 'Only an owner of the account can do this.');

export const keyRequired = (): Problem =>
  forbidden('key_required', 'Call this with an API key of the account.');

export const noAccount = (): Problem =>
  forbidden(
    'no_account',
    'You are not in any account any more. Ask an owner of the account to invite you again.',
  );

/** A route that declares no permission is closed. */
export const closed = (): Problem => forbidden('closed', 'Nobody is allowed to call this.');
