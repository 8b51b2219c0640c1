import { Counts } from '@keytrail/platform';
import type { ConcurrencyBounds } from './limits.js';
import { rateLimited } from './problem.js';
import { overloaded } from './to-problem.js';

/** Who holds a place. */
export interface Holder {
  /** A key or a person. */
  readonly caller: string;
  readonly account: string;
}

/** Counts what is there at the same time by caller, account and in all. */
export class ConcurrencyLimit {
  private count = 0;
  private readonly callers = new Counts();
  private readonly accounts = new Counts();

  constructor(private readonly bounds: ConcurrencyBounds) {}

  /**
   * Takes a place.
   *
   * @returns gives it back; to be called once
   * @throws Problem 429 when the caller or the account has too many places, 503 when all are taken
   */
  enter({ caller, account }: Holder): () => void {
    const { perCaller, perAccount, inAll } = this.bounds;
    if (this.callers.of(caller) >= perCaller) throw tooMany('this key or person', perCaller);
    if (this.accounts.of(account) >= perAccount) throw tooMany('the account', perAccount);
    if (this.count >= inAll) throw overloaded();
    this.count += 1;
    this.callers.add(caller);
    this.accounts.add(account);
    return () => {
      this.count -= 1;
      this.callers.remove(caller);
      this.accounts.remove(account);
    };
  }
}

const tooMany = (whose: string, most: number) =>
  rateLimited(
    `At most ${most} requests of this kind of ${whose} are served at the same time; try again when one has ended.`,
    1,
  );
