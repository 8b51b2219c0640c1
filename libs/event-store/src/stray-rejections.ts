import { ErrorType } from '@eventstore/db-client';
import type { Logger } from '@keytrail/platform';
import { typeOf } from './client-errors.js';

/**
 * Ends the process on a rejection that nobody waits for: what it left undone is not known. Only those of
 * the client of the event log are without effect, which it leaves behind when its connection breaks: the
 * calls that they belong to have failed, and whoever made these was told.
 */
export function endOnStrayRejection(logger: Logger): void {
  process.on('unhandledRejection', (err) => {
    if (isOfClient(err)) {
      logger.warn({ err }, 'the client of the event log lost its connection');
      return;
    }
    logger.fatal({ err }, 'a promise was rejected that nobody waits for');
    process.exit(1);
  });
}

/** The client marks its errors with a type of its own; those that it has not looked at have what gRPC gives all. */
const isOfClient = (rejected: unknown): boolean =>
  rejected instanceof Error &&
  (types.has(typeOf(rejected)) || ('metadata' in rejected && 'details' in rejected));

const types: ReadonlySet<unknown> = new Set(Object.values(ErrorType));
