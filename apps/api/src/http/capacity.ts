import { FairTurns } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConcurrencyLimit } from './concurrency-limit.js';
import type { Holder } from './concurrency-limit.js';
import { limits } from './limits.js';
import { timeBudget } from './time-budget.js';

const { concurrency, atWork } = limits;

/** What takes memory or a store's time, each with limits of its own. */
export type Work = keyof typeof concurrency;

/** Places and turns for what takes memory or a store's time, so that nobody has all of them. */
@Injectable()
export class Capacity {
  private readonly places = mapOf(concurrency, (bounds) => new ConcurrencyLimit(bounds));
  private readonly turns = mapOf(
    atWork,
    (bounds, kind) =>
      new FairTurns({
        ...bounds,
        maxWaiting: concurrency[kind].inAll,
        waitMs: timeBudget.turnMs,
      }),
  );

  /**
   * Holds a place until an answer has been taken whole or its connection is gone.
   *
   * @throws Problem 429 or 503 when there is none
   */
  hold(kind: Work, holder: Holder, { raw }: FastifyReply): void {
    const release = this.places[kind].enter(holder);
    if (raw.destroyed) release();
    else raw.once('close', release);
  }

  /** Does a piece of work when the account's turn has come. @throws QueueFullError when it does not come in time */
  take<Result>(kind: Work, account: string, work: () => Promise<Result>): Promise<Result> {
    return kind in this.turns
      ? this.turns[kind as keyof typeof atWork].take(account, work)
      : work();
  }
}

function mapOf<Kind extends string, Value, Result>(
  values: Readonly<Record<Kind, Value>>,
  toResult: (value: Value, kind: Kind) => Result,
): Readonly<Record<Kind, Result>> {
  const entries = Object.entries(values) as [Kind, Value][];
  const results = entries.map(([kind, value]) => [kind, toResult(value, kind)]);
  return Object.fromEntries(results) as Record<Kind, Result>;
}
