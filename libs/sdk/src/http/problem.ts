import { KeytrailError } from '../common/keytrail-error.js';
import type { FieldError } from '../common/keytrail-error.js';
import { readRetryAfter } from './retry.js';

/** The error for an answer that is not a success: an RFC 9457 problem document, or what a proxy says. */
export async function toError(response: Response): Promise<KeytrailError> {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), new Date());
  const problem = await readProblem(response);
  const code = text(problem['code']);
  if (code === undefined) return notOurs(response, retryAfterMs);
  return new KeytrailError({
    code,
    status,
    detail: text(problem['detail']) ?? text(problem['title']) ?? 'The request was refused.',
    requestId: text(problem['requestId']),
    errors: readErrors(problem['errors']),
    retryAfterMs,
  });
}

/** The error for a successful answer that Keytrail would not give. */
export const unexpectedAnswer = (status: number, what: string, cause?: unknown): KeytrailError =>
  new KeytrailError({
    code: 'unexpected_answer',
    status,
    detail: `${what}. Is baseUrl the address of Keytrail?`,
    cause,
  });

function notOurs({ status, type }: Response, retryAfterMs: number | undefined): KeytrailError {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400);
  return new KeytrailError({
    code: 'unexpected_answer',
    status,
    detail: isRedirect
      ? 'The server redirects, and a key is sent nowhere but to baseUrl. Give the final address.'
      : `The server answered ${status} without a problem document of Keytrail.`,
    retryAfterMs,
  });
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>>> {
  if (!/[/+]json\b/.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    return {};
  }
  const body = await response.text();
  try {
    const parsed = JSON.parse(body) as unknown;
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function readErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ field, message }) => ({
    field: text(field) ?? '',
    message: text(message) ?? '',
  }));
}
