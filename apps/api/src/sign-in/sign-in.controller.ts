import { withDeadline } from '@keytrail/platform';
import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/permission/access.decorator.js';
import type { SignInCode } from '../http/problem-codes.js';
import { badInput, Problem, unavailable } from '../http/problem.js';
import { callerOf, pathOf } from '../http/request-context.js';
import { timeBudget } from '../http/time-budget.js';
import { unknownFields } from '../http/unknown-fields.js';
import { bodyFor, endpointFor, SIGN_IN_PATH } from '../sessions/endpoints.js';
import { LONGEST_EMAIL } from '../sessions/person-fields.js';
import { refuseForeignOrigin } from '../sessions/origin-check.js';
import { SignInLimits } from '../sessions/sign-in-limits.js';
import type { Attempt } from '../sessions/sign-in-limits.js';
import { traceOf } from '../sessions/trace.js';
import { SignIn } from '../sessions/sign-in.js';
import { toWebRequest } from '../sessions/web-request.js';

/** Hands the open part of `/api/auth/*` to the sign-in library; its refusals leave as problem documents. */
@ApiExcludeController()
@Controller('api/auth')
export class SignInController {
  private readonly limits = new SignInLimits();

  constructor(private readonly signIn: SignIn) {}

  @All('*')
  @Access('public')
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [name, endpoint] = endpointFor(request.method, pathOf(request));
    refuseQuery(request);
    refuseForeignOrigin(request, this.signIn.baseUrl);
    const body = bodyFor(endpoint, request.body);
    refuseLongEmail(body['email']);
    const attempt = { name, endpoint, ip: callerOf(request).ip, email: body['email'] };
    const { method } = endpoint;
    const { origin, auth } = this.signIn;
    const handed = toWebRequest(request, { method, path: SIGN_IN_PATH + name, body, origin });
    const person = name in ENDS ? await this.personOf(handed) : null;
    const handling = this.limits.serve(attempt, () => auth.handler(handed));
    const response = await withDeadline(handling, timeBudget.signInMs, late);
    if (response.status === 401) this.noteFailed(attempt, handed);
    if (response.status >= 400) throw await refusalOf(response);
    this.limits.succeeded(attempt);
    const end = ENDS[name];
    if (end && person) await this.signIn.recordEnd(end, person, traceOf(handed.headers));
    for (const [header, value] of response.headers) {
      if (!OWN_HEADERS.includes(header)) void reply.header(header, value);
    }
    void reply.header('set-cookie', response.headers.getSetCookie());
    // What the session has shown must not come back out of the browser's caches.
    if (end) void reply.header('clear-site-data', '"cache"');
    await reply.status(response.status).send(await bodyOf(response));
  }

  /** Who is signed in before the session ends; nobody when that cannot be found out. */
  private async personOf({ headers }: Request): Promise<string | null> {
    const session = await this.signIn.auth.api.getSession({ headers }).catch(() => null);
    return session?.user.id ?? null;
  }

  private noteFailed({ name, email }: Attempt, { headers }: Request): void {
    if (name !== '/sign-in/email' || typeof email !== 'string') return;
    this.signIn.noteFailed({ email: email.toLowerCase(), trace: traceOf(headers) });
  }
}

/** What is recorded of those that end sessions. */
const ENDS: Readonly<Record<string, 'SignedOut' | 'SessionsEnded'>> = {
  '/sign-out': 'SignedOut',
  '/revoke-sessions': 'SessionsEnded',
};

/** @throws Problem 400, since no endpoint takes any */
function refuseQuery({ query }: FastifyRequest): void {
  const names = Object.keys(query as object);
  if (names.length > 0) throw badInput(unknownFields(names));
}

/**
 * Nobody can have such an address; by it attempts would be counted and folded, and a password hashed.
 *
 * @throws Problem 400
 */
function refuseLongEmail(email: unknown): void {
  if (typeof email !== 'string' || email.length <= LONGEST_EMAIL) return;
  throw new Problem({
    status: 400,
    code: 'invalid_email' as SignInCode,
    detail: `The address must be at most ${LONGEST_EMAIL} characters long.`,
  });
}

const late = (): Problem =>
  unavailable(
    'sign_in_unavailable',
    'There was no answer in time, and whether this was done is not known. Try again shortly.',
  );

/** Cookies are set one by one, and the length is that of the body that is sent. */
const OWN_HEADERS = ['set-cookie', 'content-length'];

/** The session's token is in the http-only cookie and nowhere that a script could read it. */
async function bodyOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json')) return text;
  const withoutToken = (name: string, value: unknown): unknown =>
    name === 'token' ? undefined : value;
  return JSON.stringify(JSON.parse(text, withoutToken));
}

async function refusalOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as {
    code?: string;
    message?: string;
  } | null;
  // The library's codes are in capitals; those that our own hooks gave it stay as they are.
  const code = body?.code?.toLowerCase() as SignInCode | undefined;
  if (response.status === 503 && code) return unavailable(code, body?.message ?? '');
  if (response.status >= 500) {
    return unavailable(
      'sign_in_unavailable',
      'Signing in is not possible right now; try again shortly.',
    );
  }
  return new Problem({
    status: response.status,
    code: code ?? 'sign_in_refused',
    detail: body?.message ?? 'The sign-in was refused.',
  });
}
