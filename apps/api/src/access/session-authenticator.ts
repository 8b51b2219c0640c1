import { findMemberships } from '@keytrail/read-models';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { PersonIdentity } from './identity.js';
import { unauthorized } from './unauthorized.js';
import { ConsistentReads } from '../stores/consistent-reads.js';
import { refuseForeignOrigin } from '../sign-in/origin-check.js';
import { SignIn } from '../sign-in/sign-in.js';
import { toHeaders } from '../sign-in/web-request.js';

/** Authenticates a person by the session cookie, for the account that the request is about. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly signIn: SignIn,
    private readonly reads: ConsistentReads,
  ) {}

  /** `null` when nobody is signed in. @throws Problem 401 `wrong_account`, 403 `foreign_origin` */
  async authenticate(request: FastifyRequest): Promise<PersonIdentity | null> {
    if (request.headers.cookie === undefined) return null;
    refuseForeignOrigin(request, this.signIn.baseUrl);
    const session = await this.signIn.auth.api.getSession({ headers: toHeaders(request) });
    if (!session) return null;
    const { id: userId, email, name, currentAccountId } = session.user;
    const memberships = await findMemberships(await this.reads.now(), userId);
    const named = request.headers['keytrail-account'];
    const membership =
      named === undefined
        ? (memberships.find(({ accountId }) => accountId === currentAccountId) ?? memberships[0])
        : memberships.find(({ accountId }) => accountId === named);
    if (!membership) throw unauthorized('wrong_account');
    const { accountId, role } = membership;
    return { kind: 'person', accountId, userId, email, name, role };
  }
}
