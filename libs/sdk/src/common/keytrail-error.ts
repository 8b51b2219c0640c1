import type { KeytrailErrorCode } from './error-codes.js';
import { redact } from './redact.js';

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface KeytrailErrorFields {
  readonly code: KeytrailErrorCode;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Everything that the client throws. Tell errors apart by `code`. Neither the message nor any field,
 * the cause included, contains a key.
 */
export class KeytrailError extends Error {
  override readonly name = 'KeytrailError';
  readonly code: KeytrailErrorCode;
  /** What happened and what to do about it. */
  readonly detail: string;
  /** The HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** Under which the operator finds the request in logs and audit trail. */
  readonly requestId: string | undefined;
  /** The faults of single fields; empty unless the request was refused for them. */
  readonly errors: readonly FieldError[];
  /** How long the server asks to wait before the next attempt. */
  readonly retryAfterMs: number | undefined;

  constructor(fields: KeytrailErrorFields) {
    const detail = redact(fields.detail);
    const code = redact(fields.code);
    super(
      `${code}: ${detail}`,
      fields.cause === undefined ? undefined : { cause: withoutSecrets(fields.cause) },
    );
    this.code = code;
    this.detail = detail;
    this.status = fields.status;
    this.requestId = fields.requestId === undefined ? undefined : redact(fields.requestId);
    this.errors = (fields.errors ?? []).map(({ field, message }) => ({
      field: redact(field),
      message: redact(message),
    }));
    this.retryAfterMs = fields.retryAfterMs;
  }

  toJSON(): Record<string, unknown> {
    const { name, code, detail, status, requestId, errors } = this;
    return { name, code, detail, status, requestId, errors };
  }
}

/** Whether something caught is an error of this client, from whichever copy of the package. */
export const isKeytrailError = (error: unknown): error is KeytrailError =>
  isErrorLike(error) && error.name === 'KeytrailError' && 'code' in error;

/** Not by `instanceof`: what the platform's `fetch` throws may come from another realm. */
export const isErrorLike = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && 'name' in value && 'message' in value;

const LONGEST_CHAIN = 5;

/** A copy of a foreign error with what helps to understand it: name, message, stack, code and cause. */
function withoutSecrets(cause: unknown, depth = 0): unknown {
  if (!isErrorLike(cause)) return typeof cause === 'string' ? redact(cause) : undefined;
  const copy = new Error(redact(cause.message));
  copy.name = redact(cause.name);
  if (cause.stack !== undefined) copy.stack = redact(cause.stack);
  if ('code' in cause && typeof cause.code === 'string')
    Object.assign(copy, { code: redact(cause.code) });
  if (cause.cause !== undefined && depth < LONGEST_CHAIN)
    copy.cause = withoutSecrets(cause.cause, depth + 1);
  return copy;
}
