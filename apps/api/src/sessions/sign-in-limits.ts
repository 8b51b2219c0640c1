import { FairTurns, networkOf } from '@keytrail/platform';
import { limits } from '../http/limits.js';
import { rateLimited } from '../http/problem.js';
import { timeBudget } from '../http/time-budget.js';
import { AttemptLimit } from './attempt-limit.js';
import type { Endpoint } from './endpoints.js';

const { attempts, passwords } = limits;
const { windowMs } = attempts;

export interface Attempt {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly ip: string | null;
  /** The address that was typed in, if any, of at most `LONGEST_EMAIL` characters. */
  readonly email: unknown;
}

/**
 * What strangers may ask of the sign-in. Two at a time have their passwords looked at, and 20 wait.
 * Everything is counted in this process's memory, by a clock that nobody sets back.
 */
export class SignInLimits {
  private readonly tries = new AttemptLimit({ max: attempts.byNetwork, windowMs });
  private readonly byEmail = new AttemptLimit({ max: attempts.byEmail, windowMs });
  private readonly others = new AttemptLimit({ max: attempts.others, windowMs });
  /** Addresses of people with a network from which they have signed in, the latest last. */
  private readonly known = new Set<string>();
  private readonly turns = new FairTurns({
    ...passwords,
    waitMs: timeBudget.passwordTurnMs,
  });

  /**
   * Serves an attempt within the limits.
   *
   * @throws Problem 429; QueueFullError when too many wait to have a password hashed, ShareFullError when
   *   too many of them are of the network
   */
  async serve<Answer>(attempt: Attempt, work: () => Promise<Answer>): Promise<Answer> {
    const { name, endpoint, ip, email } = attempt;
    const network = networkOf(ip ?? 'unknown');
    if (endpoint.hashes) {
      refuseAfter(this.tries.count(`${name} ${network}`));
      if (name === SIGN_IN && typeof email === 'string') {
        refuseAfter(this.byEmail.count(this.countedAs(email, network)));
      }
      return await this.turns.take(network, work);
    }
    if (name !== '/get-session') refuseAfter(this.others.count(network));
    return await work();
  }

  /** Whoever knows the password does not suffer from those who tried others. */
  succeeded({ name, email, ip }: Attempt): void {
    if (name !== SIGN_IN || typeof email !== 'string') return;
    const network = networkOf(ip ?? 'unknown');
    this.byEmail.forget(this.countedAs(email, network));
    const known = fromNetwork(email, network);
    this.known.delete(known);
    this.known.add(known);
    const [earliest] = this.known;
    if (this.known.size > attempts.knownNetworks && earliest !== undefined)
      this.known.delete(earliest);
  }

  /** Strangers who try an address from elsewhere do not use up the attempts of its owner. */
  private countedAs(email: string, network: string): string {
    const known = fromNetwork(email, network);
    return this.known.has(known) ? known : email.toLowerCase();
  }
}

const SIGN_IN = '/sign-in/email';

const fromNetwork = (email: string, network: string): string => `${email.toLowerCase()} ${network}`;

function refuseAfter(seconds: number): void {
  if (seconds > 0) throw rateLimited(`Too many attempts; try again in ${seconds} s.`, seconds);
}
