import { STATUS_CODES } from 'node:http';
import type { ProblemCode, SignInCode } from './problem-codes.js';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ProblemDetails {
  readonly status: number;
  readonly code: ProblemCode | SignInCode;
  /** What happened and what to do about it; shown to the caller. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document, such as the id a repeat refers to. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface ProblemDocument {
  readonly status: number;
  readonly code: string;
  readonly [member: string]: unknown;
}

/** A refusal that the caller is told about, as an RFC 9457 problem document. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode | SignInCode;
  readonly detail: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  private readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    { status, code, detail, errors, headers = {}, extensions = {} }: ProblemDetails,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
    this.extensions = extensions;
  }

  /**
   * The document of RFC 9457, with `code`, `requestId` and, for bad input, `errors`.
   *
   * @param instance the path of the request, where it is known
   */
  toDocument(instance: string | undefined, requestId: string): ProblemDocument {
    return {
      type: `urn:keytrail:problem:${this.code}`,
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      instance,
      code: this.code,
      requestId,
      ...(this.errors ? { errors: this.errors } : {}),
      ...this.extensions,
    };
  }
}

export const badInput = (errors: readonly FieldError[]): Problem =>
  new Problem({
    status: 400,
    code: 'invalid_request',
    detail: `The request is not valid: ${errors.map(({ field, message }) => `${field} ${message}`).join('; ')}.`,
    errors,
  });

export const notFound = (what: string): Problem =>
  new Problem({ status: 404, code: 'not_found', detail: `There is no ${what} with this id.` });

/** 429: the caller, and nobody else, has to wait. */
export const rateLimited = (detail: string, retryAfterSeconds: number): Problem =>
  new Problem({
    status: 429,
    code: 'rate_limited',
    detail,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });

/** 503: the same request may succeed shortly. The detail says what came of this one. */
export const unavailable = (
  code: ProblemDetails['code'],
  detail: string,
  options?: ErrorOptions,
): Problem => new Problem({ status: 503, code, detail, headers: { 'retry-after': '1' } }, options);
