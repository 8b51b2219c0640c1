import { Injectable, Logger } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { rememberKey } from './current-key.decorator.js';
import { KeyVerifier } from './key-verifier.js';
import type { Verdict } from './key-verifier.js';
import { headersOf, MALFORMED_AUTHORIZATION, MISSING_CREDENTIALS, problem } from './problem.js';

/** What Express and Fastify requests have in common. */
interface Request {
  readonly method: string;
  readonly url: string;
  /** Express strips the mount point from `url` and keeps the whole address here. */
  readonly originalUrl?: string;
  readonly ip?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const BEARER = /^Bearer ([^\s]+)$/i;

/**
 * Lets a request in when Keytrail says that its bearer key is active, and has recorded the use. In any
 * other case it is refused: 401 with the reason, or 503 when Keytrail does not answer in time.
 */
@Injectable()
export class BearerKeyGuard implements CanActivate {
  private readonly logger = new Logger(BearerKeyGuard.name);

  constructor(
    private readonly keys: KeyVerifier,
    private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { authorization } = request.headers;
    if (typeof authorization !== 'string') throw this.refusal(context, 401, MISSING_CREDENTIALS);
    const apiKey = BEARER.exec(authorization)?.[1];
    if (apiKey === undefined) throw this.refusal(context, 401, MALFORMED_AUTHORIZATION);
    const verdict = await this.verify(context, apiKey, request);
    if (!verdict.active) throw this.refusal(context, 401, verdict.code);
    rememberKey(request, verdict.key);
    return true;
  }

  private async verify(
    context: ExecutionContext,
    apiKey: string,
    request: Request,
  ): Promise<Verdict> {
    const { method, url, originalUrl = url, ip = null, headers } = request;
    const userAgent = headers['user-agent'];
    try {
      return await this.keys.verify(apiKey, {
        method,
        path: originalUrl.split('?', 1)[0] ?? '/',
        ip,
        userAgent: typeof userAgent === 'string' ? userAgent : null,
      });
    } catch (error) {
      this.logger.error(error instanceof Error ? error.message : 'Keytrail did not answer');
      throw this.refusal(context, 503, 'keytrail_unavailable');
    }
  }

  private refusal(context: ExecutionContext, status: 401 | 503, code: string): Error {
    const response: unknown = context.switchToHttp().getResponse();
    for (const [name, value] of Object.entries(headersOf(status, code))) {
      this.host.httpAdapter.setHeader(response, name, value);
    }
    return problem(status, code);
  }
}
