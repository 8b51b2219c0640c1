import { EventStoreDBClient, jsonEvent, WrongExpectedVersionError } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_EVERY_MS = 50;
const ATTEMPT_MS = 2_000;
/**
 * With credentials the client does not use its batch append, of which all clients of a process share one
 * table: a server that is not there yet must not break the appends of others.
 */
const ALONE = { credentials: { username: 'admin', password: 'changeit' } };

/**
 * Resolves once the server at `url` takes appends. Nothing is written meanwhile: the log of a server that
 * was just made is as empty as before, and what hides there is still to be met.
 *
 * @param signal aborted when there is no hope any more
 */
export async function eventStoreReady(url: string, signal: AbortSignal): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    while (!(await takesAppends(client))) {
      await pause(POLL_EVERY_MS, undefined, { signal });
    }
  } finally {
    await client.dispose();
  }
}

/** An append after an event that is not there is refused by whoever could have written it. */
async function takesAppends(client: EventStoreDBClient): Promise<boolean> {
  const event = jsonEvent({ type: 'NeverWritten', data: {} });
  try {
    await client.appendToStream(`ready-${randomUUID()}`, event, {
      ...ALONE,
      expectedRevision: 0n,
      deadline: ATTEMPT_MS,
    });
    return true;
  } catch (error) {
    return error instanceof WrongExpectedVersionError;
  }
}
