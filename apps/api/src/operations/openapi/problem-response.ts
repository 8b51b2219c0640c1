import { STATUS_CODES } from 'node:http';
import type { ProblemDocument } from '../../http/problem.js';
import type { Response, Schemas } from './document-types.js';

/** Problem documents as RFC 9457 has them, with what Keytrail adds. */
export const problemSchemas = {
  FieldError: {
    type: 'object',
    required: ['field', 'message'],
    properties: {
      field: { type: 'string', description: 'A field of the body or the query, or a header.' },
      message: { type: 'string', description: 'What is wrong with it.' },
    },
  },
  Problem: {
    type: 'object',
    description: 'Why a request was refused or failed (RFC 9457).',
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Says the same as `code`.' },
      title: { type: 'string', description: 'The name of the status.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'What happened and what to do about it.' },
      instance: {
        type: 'string',
        description: 'The path of the request; left out when it could not be read.',
      },
      code: {
        type: 'string',
        description: 'By which programs tell problems apart. There may be more of them in time.',
      },
      requestId: {
        type: 'string',
        format: 'uuid',
        description: "As in the header `X-Request-Id`, the audit trail and the operator's logs.",
      },
      errors: {
        type: 'array',
        items: { $ref: '#/components/schemas/FieldError' },
        description: 'For bad input: what is wrong with it.',
      },
    },
  },
} satisfies Schemas;

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds until it is worth another attempt.',
    schema: { type: 'integer', minimum: 1 },
  },
};

const headers: Readonly<Record<number, Response['headers']>> = {
  401: {
    'WWW-Authenticate': {
      description: 'The challenge of RFC 6750; of credentials that came, with the `code`.',
      schema: { type: 'string', example: 'Bearer realm="keytrail"' },
    },
  },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** The description of an answer at a path with one of these problems, which all have the status. */
export function problemResponse(
  status: number,
  problems: readonly ProblemDocument[],
  path: string,
): Response {
  const examples = Object.fromEntries(
    problems.map((problem) => [problem.code, { value: { ...problem, instance: path } }]),
  );
  const codes = Object.keys(examples).map((code) =>
    // Of the refusals with this status, only this one may succeed when repeated.
    code === 'conflict' ? '`conflict` (with `Retry-After`)' : `\`${code}\``,
  );
  return {
    description: `${STATUS_CODES[status] ?? 'Error'}: ${codes.join(', ')}`,
    ...(headers[status] && { headers: headers[status] }),
    content: {
      'application/problem+json': {
        schema: schemaOf(problems[0]),
        examples,
      },
    },
  };
}

/** A problem, with what this one has beside the members that all have. */
function schemaOf(problem: ProblemDocument | undefined): object {
  const further = Object.keys(problem ?? {}).filter(
    (name) => !(name in problemSchemas.Problem.properties),
  );
  if (further.length === 0) return PROBLEM;
  const properties = Object.fromEntries(further.map((name) => [name, { type: 'string' }]));
  return { allOf: [PROBLEM, { type: 'object', required: further, properties }] };
}
