import { findMemberships } from '@keytrail/read-models';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { PersonIdentity, SignedInPerson } from './identity.js';
import { forbidden, unauthorized } from './unauthorized.js';
import type { Problem } from '../http/problem.js';
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

  /**
   * The person as a member of the account that the request names, or of the one they were last in;
   * `null` when nobody is signed in.
   *
   * @throws Problem 401 `wrong_account`, 403 `no_account`, 403 `foreign_origin`
   */
  async authenticate(request: FastifyRequest): Promise<PersonIdentity | null> {
    const person = await this.findPerson(request);
    if (!person) return null;
    const { currentAccountId, ...identity } = person;
    const memberships = await findMemberships(await this.reads.now(), person.userId);
    if (memberships.length === 0) throw noAccount();
    const named = request.headers['keytrail-account'];
    const membership =
      named === undefined
        ? (memberships.find(({ accountId }) => accountId === currentAccountId) ?? memberships[0])
        : memberships.find(({ accountId }) => accountId === named);
    if (!membership) throw unauthorized('wrong_account');
    const { accountId, role } = membership;
    return { kind: 'person', accountId, role, ...identity };
  }

  /** Whoever is signed in, whatever the account; `null` for nobody. @throws Problem 403 `foreign_origin` */
  async findPerson(request: FastifyRequest): Promise<PersonInSession | null> {
    if (request.headers.cookie === undefined) return null;
    refuseForeignOrigin(request, this.signIn.baseUrl);
    const session = await this.signIn.auth.api.getSession({ headers: toHeaders(request) });
    if (!session) return null;
    const { id: userId, email, name, currentAccountId } = session.user;
    return { userId, email, name, currentAccountId };
  }
}

interface PersonInSession extends SignedInPerson {
  readonly currentAccountId: string | null | undefined;
}

const noAccount = (): Problem =>
  forbidden(
    'no_account',
    'You are not in any account any more. Ask an owner of the account to invite you again.',
  );
