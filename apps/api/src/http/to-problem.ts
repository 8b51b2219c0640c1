import { isOutage, isTooLong } from '@keytrail/projections';
import { HttpException } from '@nestjs/common';
import type { ProblemCode } from './problem-codes.js';
import { Problem, badInput, rateLimited, unavailable } from './problem.js';

/** By which errors are told apart; empty for one without. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
};

export const bodyTooLarge = (): Problem =>
  new Problem({
    status: 413,
    code: 'body_too_large',
    detail: 'The body must not be larger than 64 KiB.',
  });

export const unsupportedMediaType = (): Problem =>
  new Problem({
    status: 415,
    code: 'unsupported_media_type',
    detail: 'Send the body as application/json, and not compressed.',
  });

/** What can be wrong with a body before any handler sees it, by the status the server gives it. */
const bodyFaults: Readonly<Record<number, () => Problem>> = {
  400: () =>
    badInput([{ field: 'body', message: 'must be valid JSON, as long as Content-Length says' }]),
  413: bodyTooLarge,
  415: unsupportedMediaType,
};

/** What came of a request that a store did not answer in time. */
export type Outcome = 'refused' | 'unknown';

const outcomes: Readonly<Record<Outcome, string>> = {
  refused: 'the request was not carried out. Try again shortly.',
  // The change may be in the log although no answer came, or be missing in the read models.
  unknown:
    'whether this was done is not known. Look before you repeat it, or repeat it with the same ' +
    'Idempotency-Key if you sent one.',
};

const readModelUnavailable = (outcome: Outcome): Problem =>
  unavailable(
    'read_model_unavailable',
    `The read model does not answer right now; ${outcomes[outcome]}`,
  );

const eventLogUnavailable = (outcome: Outcome): Problem =>
  unavailable(
    'event_log_unavailable',
    `The event log does not answer right now; ${outcomes[outcome]}`,
  );

const eventLogMismatch = (): Problem =>
  unavailable(
    'event_log_mismatch',
    'The event log is not the one that the lists were made from: it is another one, or an older copy ' +
      'that was put back. Nothing is shown or changed until the operator has run ' +
      '`npm run rebuild -- all`.',
  );

export const overloaded = (): Problem =>
  unavailable(
    'overloaded',
    'Too many requests are waiting, so nothing was done. Try again shortly.',
  );

/** The caller's own requests are those that wait. */
export const tooManyWaiting = (): Problem =>
  rateLimited(
    'Too many requests of this caller or account are waiting, so nothing was done. Try again shortly.',
    1,
  );

const readModelBehind = (): Problem =>
  unavailable(
    'read_model_behind',
    'The lists have not caught up with the log yet; try again shortly.',
  );

const readTooLong = (): Problem =>
  new Problem({
    status: 503,
    code: 'read_too_long',
    detail:
      'This takes the read model too long, so it was ended. Ask for less: a shorter window of time, or ' +
      'fewer filters at once.',
    // The same again would end like this; a later one may not, when much else was going on.
    headers: { 'retry-after': '30' },
  });

/** One for each way in which a store can fail a request. */
export const outages = (): Problem[] => [
  eventLogUnavailable('refused'),
  eventLogMismatch(),
  readModelUnavailable('refused'),
  readModelBehind(),
  readTooLong(),
  overloaded(),
];

export const conflict = (): Problem =>
  new Problem({
    status: 409,
    code: 'conflict',
    detail: 'Others changed the same thing at the same moment; nothing was done. Try again.',
    headers: { 'retry-after': '1' },
  });

/** The limit of the log itself, for a field whose own limit is missing. */
const unwritable = (): Problem =>
  badInput([
    { field: 'request', message: 'has a text that is too long, or a key where none may be' },
  ]);

/** What goes wrong below the handlers, by the `code` of the error. */
const byCode: Readonly<Record<string, (outcome: Outcome) => Problem>> = {
  event_log_unavailable: eventLogUnavailable,
  event_log_mismatch: eventLogMismatch,
  unwritable_event: unwritable,
  queue_full: overloaded,
  share_full: tooManyWaiting,
  // The document store answers but is being restored: the models are not there yet.
  read_model_missing: readModelUnavailable,
  read_model_behind: readModelBehind,
  wrong_expected_revision: conflict,
};

type Fault = Readonly<{ code: ProblemCode; detail: string }>;

const byStatus: Readonly<Record<number, Fault>> = {
  429: { code: 'rate_limited', detail: 'Too many attempts; wait a moment and try again.' },
};

/**
 * The problem document for any error; `null` for one that nobody expected.
 *
 * @param outcome what came of the request when the error does not tell
 */
export function toProblem(error: unknown, outcome: Outcome = 'refused'): Problem | null {
  if (error instanceof Problem) return error;
  const known = byCode[codeOf(error)];
  if (known) return known(outcome);
  if (isTooLong(error)) return readTooLong();
  if (isOutage(error)) return readModelUnavailable(outcome);
  const status = statusOf(error);
  if (status >= 500) return null;
  const fault = bodyFaults[status];
  if (fault) return fault();
  const { code, detail } = byStatus[status] ?? {
    code: 'refused',
    detail: 'The request was refused.',
  };
  return new Problem({ status, code, detail });
}

/** What a caller is told of an unexpected error: a fixed text, never its message. */
export const internalError = (): Problem =>
  new Problem({
    status: 500,
    code: 'internal_error',
    detail: 'Something went wrong on our side. Tell the operator the request id.',
  });
