import { FairTurns, withDeadline } from '@keytrail/platform';
import { findMemberships } from '@keytrail/read-models';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { PersonIdentity, SignedInPerson } from '../permission/identity.js';
import { noAccount } from '../permission/forbidden.js';
import { limits } from '../../http/limits.js';
import { timeBudget } from '../../http/time-budget.js';
import { unauthorized } from '../permission/unauthorized.js';
import { unavailable } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { refuseForeignOrigin } from '../../sessions/origin-check.js';
import { SignIn } from '../../sessions/sign-in.js';
import { toHeaders } from '../../sessions/web-request.js';

/** Authenticates a person by the session cookie, for the account that the request is about. */
@Injectable()
export class SessionAuthenticator {
  private readonly lookUps = new FairTurns({
    ...limits.sessionLookUps,
    waitMs: timeBudget.sessionMs,
    late: notLookedUp,
  });

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
    const token = this.signIn.sessionTokenIn(request.headers.cookie ?? '');
    if (token === '') return null;
    refuseForeignOrigin(request, this.signIn.baseUrl);
    const looking = () => this.findSession(toHeaders(request));
    // A token that was made up is found out without a look-up, and so holds nobody up.
    const session = await this.lookUps.take(token, looking);
    if (!session) return null;
    const { id: userId, email, name, currentAccountId } = session.user;
    return { userId, email, name, currentAccountId };
  }

  /** The sign-in library hides why it could not look: what it fails with is always the database. */
  private async findSession(headers: Headers) {
    try {
      const looking = this.signIn.auth.api.getSession({ headers });
      return await withDeadline(
        looking,
        timeBudget.sessionMs,
        () => new Error('No answer in time'),
      );
    } catch (cause) {
      throw notLookedUp({ cause });
    }
  }
}

const notLookedUp = (options?: ErrorOptions): Problem =>
  unavailable(
    'read_model_unavailable',
    'Your session cannot be looked up right now; try again shortly.',
    options,
  );

interface PersonInSession extends SignedInPerson {
  readonly currentAccountId: string | null | undefined;
}
