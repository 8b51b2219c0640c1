import { withDeadline } from '@keytrail/platform';
import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/permission/access.decorator.js';
import type { SignInCode } from '../http/problem-codes.js';
import { Problem, unavailable } from '../http/problem.js';
import { timeBudget } from '../http/time-budget.js';
import { refuseForeignOrigin } from '../sessions/origin-check.js';
import { SignIn } from '../sessions/sign-in.js';
import { toWebRequest } from '../sessions/web-request.js';

/** Hands `/api/auth/*` to the sign-in library; its refusals leave as problem documents. */
@ApiExcludeController()
@Controller('api/auth')
export class SignInController {
  constructor(private readonly signIn: SignIn) {}

  @All('*')
  @Access('public')
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!METHODS.includes(request.method)) throw methodNotAllowed();
    refuseForeignOrigin(request, this.signIn.baseUrl);
    const handling = this.signIn.auth.handler(toWebRequest(request));
    const response = await withDeadline(handling, timeBudget.signInMs, late);
    if (response.status >= 400) throw await refusalOf(response);
    for (const [name, value] of response.headers) {
      if (!OWN_HEADERS.includes(name)) void reply.header(name, value);
    }
    void reply.header('set-cookie', response.headers.getSetCookie());
    await reply.status(response.status).send(await bodyOf(response));
  }
}

const late = (): Problem =>
  unavailable(
    'sign_in_unavailable',
    'There was no answer in time, and whether this was done is not known. Try again shortly.',
  );

/** The methods that the sign-in library serves. */
const METHODS = ['GET', 'HEAD', 'POST'];

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

const methodNotAllowed = (): Problem =>
  new Problem({
    status: 405,
    code: 'method_not_allowed',
    detail: 'Nothing here is called by this method.',
    headers: { allow: METHODS.join(', ') },
  });

async function refusalOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as {
    code?: string;
    message?: string;
  } | null;
  const retryAfter = response.headers.get('x-retry-after');
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
    code: code ?? (response.status === 429 ? 'rate_limited' : 'sign_in_refused'),
    detail: body?.message ?? 'The sign-in was refused.',
    headers: retryAfter === null ? {} : { 'retry-after': retryAfter },
  });
}
