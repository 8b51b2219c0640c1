import { ApiSettings } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseAuthorization } from '../access/guard/authorization-header.js';
import type { Identity } from '../access/permission/identity.js';
import { CredentialLookUp } from '../access/key-check/credential-look-up.js';
import { SessionAuthenticator } from '../access/guard/session-authenticator.js';
import { Problem } from '../http/problem.js';

/** Asks again, long after a stream began, whether its reader may still read. */
@Injectable()
export class CallerCheck {
  constructor(
    private readonly settings: ApiSettings,
    private readonly keys: CredentialLookUp,
    private readonly sessions: SessionAuthenticator,
  ) {}

  /** @throws what the stores throw when they cannot tell */
  async mayStillRead(request: FastifyRequest, caller: Identity): Promise<boolean> {
    if (caller.kind === 'key') return this.isActive(request, caller.keyId);
    try {
      const person = await this.sessions.authenticate(request);
      return person?.userId === caller.userId && person.accountId === caller.accountId;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  private async isActive(request: FastifyRequest, keyId: string): Promise<boolean> {
    const { authorization = '' } = request.headers;
    const parsed = parseAuthorization(authorization, this.settings.KEY_PREFIX);
    if (!parsed.ok) return false;
    const credential = await this.keys.find(parsed.key);
    return credential?.status === 'Active' && credential.keyId === keyId;
  }
}

/** A session that cannot be looked up is a problem as well, but says nothing about its person. */
const isRefusal = (error: unknown): boolean => error instanceof Problem && error.status < 500;
