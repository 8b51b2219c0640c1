import { ApiSettings } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseAuthorization } from './authorization-header.js';
import { unauthorized } from '../permission/unauthorized.js';
import type { Identity } from '../permission/identity.js';
import { CredentialLookUp } from '../key-check/credential-look-up.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { Problem } from '../../http/problem.js';
import { callerOf } from '../../http/request-context.js';

/** Asks again, long after an answer began, whether its reader may still read. */
@Injectable()
export class CallerCheck {
  constructor(
    private readonly settings: ApiSettings,
    private readonly keys: CredentialLookUp,
    private readonly sessions: SessionAuthenticator,
  ) {}

  /** @throws what the stores throw when they cannot tell */
  async mayStillRead(request: FastifyRequest, caller: Identity): Promise<boolean> {
    return (await this.refusal(request, caller)) === null;
  }

  /** Why a request like this would be refused now. @throws what the stores throw when they cannot tell */
  async refusal(request: FastifyRequest, caller: Identity): Promise<Problem | null> {
    if (caller.kind === 'key') return this.refusalOfKey(request, caller.keyId);
    try {
      const person = await this.sessions.authenticate(request);
      const isSame = person?.userId === caller.userId && person.accountId === caller.accountId;
      return isSame ? null : unauthorized('missing_credentials');
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
  }

  private async refusalOfKey(request: FastifyRequest, keyId: string): Promise<Problem | null> {
    const { authorization = '' } = request.headers;
    const parsed = parseAuthorization(authorization, this.settings.KEY_PREFIX);
    const credential = parsed.ok
      ? await this.keys.find(parsed.key, callerOf(request).ip)
      : undefined;
    if (credential?.keyId !== keyId) return unauthorized('unknown_key');
    return credential.status === 'Active' ? null : unauthorized('revoked_key');
  }
}

/** A session that cannot be looked up is a problem as well, but says nothing about its person. */
const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.status < 500;
