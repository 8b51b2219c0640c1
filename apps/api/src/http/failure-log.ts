import { messageOf, Repeats } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { codeOf } from './to-problem.js';

const INTERVAL_MS = 10_000;

interface Outage {
  readonly err: unknown;
  readonly requestId: string;
}

/**
 * Logs why requests fail. While a store is down all of them fail for the same cause: the first is
 * logged with its stack, the others as one line in ten seconds, with their number and without it.
 */
export class FailureLog {
  private readonly outages: Repeats<Outage>;

  constructor(private readonly logger: Logger) {
    this.outages = new Repeats<Outage>({
      intervalMs: INTERVAL_MS,
      tell: ({ err, requestId }, count, first) => {
        const why = first ? { err } : { cause: messageOf(err) };
        logger.warn({ ...why, requestId, count }, 'request failed');
      },
    });
  }

  /**
   * A request that was refused since a store does not answer or too much waits.
   *
   * @param problem the code that its caller was told
   */
  outage(problem: string, err: unknown, requestId: string): void {
    this.outages.add(`${problem} ${codeOf(err)}`, { err, requestId });
  }

  /** An error that nobody expected. Its caller was told the request id alone, so each has its line. */
  fault(err: unknown, requestId: string): void {
    this.logger.error({ err, requestId }, 'request failed');
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    failures: FailureLog;
  }
}
