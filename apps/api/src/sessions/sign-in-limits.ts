import { Problem } from '../http/problem.js';
import { timeBudget } from '../http/time-budget.js';
import { AttemptLimit, networkOf } from './attempt-limit.js';
import type { Endpoint } from './endpoints.js';
import { TurnsAtPasswords } from './turns-at-passwords.js';

const MINUTE_MS = 60_000;

/** How often passwords may be tried, and other things be asked of the sign-in, within a minute. */
const MOST_BY_NETWORK = 30;
const MOST_BY_EMAIL = 20;
const MOST_OTHERS = 600;
/** How many of one network may be served or wait at the same time, so that others find a place. */
const MOST_AT_ONCE = 10;
/** How many pairs of an address and a network that it was signed in from are remembered. */
const MOST_KNOWN = 10_000;

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
  private readonly tries = new AttemptLimit({ max: MOST_BY_NETWORK, windowMs: MINUTE_MS });
  private readonly byEmail = new AttemptLimit({ max: MOST_BY_EMAIL, windowMs: MINUTE_MS });
  private readonly others = new AttemptLimit({ max: MOST_OTHERS, windowMs: MINUTE_MS });
  /** Addresses of people with a network from which they have signed in, the latest last. */
  private readonly known = new Set<string>();
  private readonly atOnce = new Map<string, number>();
  private readonly turns = new TurnsAtPasswords({
    atOnce: 2,
    maxWaiting: 20,
    waitMs: timeBudget.passwordTurnMs,
  });

  /**
   * Serves an attempt within the limits.
   *
   * @throws Problem 429; QueueFullError when too many wait to have a password hashed
   */
  async serve<Answer>(attempt: Attempt, work: () => Promise<Answer>): Promise<Answer> {
    const { name, endpoint, ip, email } = attempt;
    const network = networkOf(ip ?? 'unknown');
    if (endpoint.hashes) {
      refuseAfter(this.tries.count(`${name} ${network}`));
      if (name === SIGN_IN && typeof email === 'string') {
        refuseAfter(this.byEmail.count(this.countedAs(email, network)));
      }
      return await this.within(network, work);
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
    if (this.known.size > MOST_KNOWN && earliest !== undefined) this.known.delete(earliest);
  }

  /** Strangers who try an address from elsewhere do not use up the attempts of its owner. */
  private countedAs(email: string, network: string): string {
    const known = fromNetwork(email, network);
    return this.known.has(known) ? known : email.toLowerCase();
  }

  private async within<Answer>(network: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = this.atOnce.get(network) ?? 0;
    if (before >= MOST_AT_ONCE) throw rateLimited(1);
    this.atOnce.set(network, before + 1);
    try {
      return await this.turns.take(work);
    } finally {
      const left = (this.atOnce.get(network) ?? 1) - 1;
      if (left > 0) this.atOnce.set(network, left);
      else this.atOnce.delete(network);
    }
  }
}

const SIGN_IN = '/sign-in/email';

const fromNetwork = (email: string, network: string): string => `${email.toLowerCase()} ${network}`;

function refuseAfter(seconds: number): void {
  if (seconds > 0) throw rateLimited(seconds);
}

const rateLimited = (seconds: number): Problem =>
  new Problem({
    status: 429,
    code: 'rate_limited',
    detail: `Too many attempts; try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  });
