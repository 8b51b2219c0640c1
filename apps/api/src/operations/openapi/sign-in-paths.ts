import type { SignInCode } from '../../http/problem-codes.js';
import { Problem } from '../../http/problem.js';
import { exampleOf } from '../../http/refuses.decorator.js';
import type { Operation, Paths, Response, Responses, Schemas } from './document-types.js';
import { problemResponse } from './problem-response.js';

/** What the sign-in library answers about a person and a session, as far as clients need it. */
export const signInSchemas = {
  SignedInUser: {
    type: 'object',
    required: ['id', 'name', 'email', 'accountId'],
    properties: {
      id: { type: 'string' },
      name: { type: 'string', example: 'Ada Lovelace' },
      email: { type: 'string', format: 'email', example: 'ada@example.com' },
      accountId: { type: 'string', description: 'The account that the sign-up opened.' },
    },
  },
  SignInAnswer: {
    type: 'object',
    required: ['user'],
    properties: { user: { $ref: '#/components/schemas/SignedInUser' } },
  },
  SessionAnswer: {
    type: 'object',
    nullable: true,
    required: ['session', 'user'],
    properties: {
      session: {
        type: 'object',
        required: ['expiresAt'],
        properties: { expiresAt: { type: 'string', format: 'date-time' } },
      },
      user: { $ref: '#/components/schemas/SignedInUser' },
    },
  },
} satisfies Schemas;

const name = { type: 'string', minLength: 1, maxLength: 80, example: 'Ada Lovelace' };
const email = { type: 'string', format: 'email', example: 'ada@example.com' };
const password = { type: 'string', format: 'password', minLength: 10, maxLength: 128 };

/** @param codes mostly the sign-in library's own, which also words the details */
function refused(status: number, ...codes: readonly string[]): Responses {
  const detail = 'What is wrong, in a sentence.';
  const examples = codes.map((code) =>
    exampleOf(new Problem({ status, code: code as SignInCode, detail })),
  );
  const { headers, ...response } = problemResponse(status, examples, '/api/auth/sign-in/email');
  // No challenge on 401: there is no other way to sign in than the one that was just refused.
  return { [status]: status === 401 || !headers ? response : { ...response, headers } };
}

const always: Responses = {
  408: { $ref: '#/components/responses/RequestTimeout' },
  431: { $ref: '#/components/responses/HeadersTooLarge' },
  500: { $ref: '#/components/responses/InternalError' },
  ...refused(
    503,
    'event_log_unavailable',
    'read_model_unavailable',
    'overloaded',
    'sign_in_unavailable',
  ),
};

const ofWrites: Responses = {
  ...refused(403, 'foreign_origin'),
  413: { $ref: '#/components/responses/BodyTooLarge' },
  415: { $ref: '#/components/responses/UnsupportedMediaType' },
  ...refused(429, 'rate_limited'),
  ...always,
};

const json = (schema: object) => ({ 'application/json': { schema } });

function answer(schema: string | object, cookie?: string): Response {
  const headers = { 'Set-Cookie': { description: cookie ?? '', schema: { type: 'string' } } };
  const content = json(
    typeof schema === 'string' ? { $ref: `#/components/schemas/${schema}` } : schema,
  );
  return { description: '', ...(cookie !== undefined && { headers }), content };
}

function operation(
  operationId: string,
  summary: string,
  responses: Responses,
  body?: object,
): Operation {
  const requestBody = { required: true, content: json({ type: 'object', ...body }) };
  return {
    operationId,
    summary,
    tags: ['Sign-in'],
    parameters: [],
    ...(body && { requestBody }),
    responses,
  };
}

/**
 * The calls of the sign-in library that a client needs; it serves them without our decorators. Its own
 * `openAPI` plugin does not serve: it describes thirty endpoints of which these are open, takes a bearer
 * token for their credentials, and knows neither the codes of refusals nor the account of a person.
 */
export const signInPaths: Paths = {
  '/api/auth/sign-up/email': {
    post: operation(
      'signUp',
      'Sign up: opens an account, and a session in it',
      {
        200: answer('SignInAnswer', 'The session.'),
        ...refused(
          400,
          'invalid_request',
          'validation_error',
          'invalid_name',
          'invalid_email',
          'password_too_short',
          'password_too_long',
          'password_too_weak',
        ),
        ...refused(422, 'user_already_exists_use_another_email'),
        ...ofWrites,
      },
      { required: ['name', 'email', 'password'], properties: { name, email, password } },
    ),
  },
  '/api/auth/sign-in/email': {
    post: operation(
      'signIn',
      'Sign in: opens a session',
      {
        200: answer('SignInAnswer', 'The session.'),
        ...refused(
          400,
          'invalid_request',
          'validation_error',
          'invalid_email',
          'password_too_long',
        ),
        ...refused(401, 'invalid_email_or_password'),
        ...ofWrites,
      },
      { required: ['email', 'password'], properties: { email, password } },
    ),
  },
  '/api/auth/sign-out': {
    post: operation(
      'signOut',
      'Sign out: ends the session; the body is {}',
      {
        200: answer(
          { type: 'object', properties: { success: { type: 'boolean', example: true } } },
          'Takes the session away.',
        ),
        ...refused(400, 'invalid_request', 'validation_error'),
        ...ofWrites,
      },
      {},
    ),
  },
  '/api/auth/get-session': {
    get: operation('getSession', 'Who is signed in; null for nobody', {
      200: answer('SessionAnswer'),
      ...refused(400, 'invalid_request'),
      ...always,
    }),
  },
};
