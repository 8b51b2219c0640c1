interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ProblemDetails {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
}

/** A refusal or failure of a call, from its problem document or from the connection. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];

  constructor({ status, code, detail, requestId, errors = [] }: ProblemDetails) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.errors = errors;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Without the `[body.email]` that the sign-in endpoints put before it, which only programs understand. */
const plain = (message: string | undefined): string | undefined =>
  message?.replace(/^\[body\.\w+\] /, '');

/** Reads a problem document (RFC 9457) or the `{code, message}` of the sign-in endpoints. */
export function toApiError(status: number, body: unknown): ApiError {
  const members: Partial<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? body : {};
  return new ApiError({
    status,
    code: text(members['code'])?.toLowerCase() ?? 'unexpected_answer',
    detail:
      text(members['detail']) ??
      plain(text(members['message'])) ??
      `The service answered with status ${status}. Try again.`,
    requestId: text(members['requestId']),
    errors: Array.isArray(members['errors']) ? (members['errors'] as FieldError[]) : [],
  });
}

export const unreachable = (): ApiError =>
  new ApiError({
    status: 0,
    code: 'unreachable',
    detail: 'Keytrail cannot be reached. Check your connection and try again.',
  });

/** Whether a status says that nobody was reached, or only a proxy or a process that cannot serve yet. */
export const isAway = (status: number): boolean => [0, 502, 503, 504].includes(status);

/** Whether it says that nobody is signed in any more. */
export const isSessionOver = (error: unknown): boolean =>
  hasStatus(error, 401) && hasCode(error, 'missing_credentials');

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof ApiError && error.code === code;

export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof ApiError && error.status === status;

/** What to tell a person about any error. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong. Try again.';
