import {
  BACKWARDS,
  END,
  jsonEvent,
  NO_STREAM,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { Fault } from './fault.mjs';
import { defaultRights, othersIn, readersWith, sameRights, toList } from './roles.mjs';

const METADATA_OF_ALL = '$$$all';
const SETTINGS = '$settings';

/**
 * Lets the user read `$all`, besides those who may already.
 *
 * @param {import('@eventstore/db-client').EventStoreDBClient} client
 * @param {string} user
 * @param {(line: string) => void} tell
 */
export async function ensureReader(client, user, tell) {
  // Not getStreamMetadata: what it calls a revision is a position, at which nothing can be appended.
  const last = await lastEvent(client, METADATA_OF_ALL);
  const present = last?.data.$acl?.$r;
  const readers = readersWith(present, user);
  if (readers === undefined) {
    tell(`already so: $all may be read by ${toList(present).join(', ')}`);
    return;
  }
  const data = { ...last?.data, $acl: { ...last?.data.$acl, $r: readers } };
  await appendTo(client, METADATA_OF_ALL, jsonEvent({ type: '$metadata', data }), last);
  tell(`changed: $all may be read by ${readers.join(', ')}`);
}

/**
 * Takes from everybody but $admins what Keytrail does not need, in all streams of the server.
 *
 * @param {import('@eventstore/db-client').EventStoreDBClient} client
 * @param {string} user
 * @param {(line: string) => void} tell
 */
export async function ensureDefaultRights(client, user, tell) {
  const wanted = defaultRights(user);
  const present = await lastEvent(client, SETTINGS);
  if (sameRights(present?.data, wanted)) {
    tell(`already so: the default rights of all streams are for $admins and ${user} alone`);
    return;
  }
  const others = othersIn(present?.data, user);
  if (others.length > 0) {
    throw new Fault(
      `the stream $settings gives rights to ${others.join(', ')}: this server is not Keytrail's own. Run this ` +
        'without --own-server, or take these rights away first',
    );
  }
  await appendTo(
    client,
    SETTINGS,
    jsonEvent({ type: 'update-default-acl', data: wanted }),
    present,
  );
  tell(`changed: the default rights of all streams are for $admins and ${user} alone`);
}

/**
 * Says what holds on a server that others use too.
 *
 * @param {import('@eventstore/db-client').EventStoreDBClient} client
 * @param {string} user
 * @param {(line: string) => void} tell
 */
export async function tellDefaultRights(client, user, tell) {
  const present = await lastEvent(client, SETTINGS);
  tell(
    sameRights(present?.data, defaultRights(user))
      ? `already so: the default rights of all streams are for $admins and ${user} alone`
      : 'left alone: the default rights of all streams. Whoever has them may append to the streams of Keytrail, ' +
          'delete them and cut them off; by default that is every user of the server',
  );
}

async function lastEvent(client, stream) {
  try {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 };
    for await (const { event } of client.readStream(stream, options)) return event;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return undefined;
}

/**
 * Appends behind the event that was read last. The append itself has no deadline: the client sends one as a time of
 * its own clock, which the server's may be ahead of. The caller's deadline is around the whole.
 */
const appendTo = (client, stream, event, last) =>
  client.appendToStream(stream, event, {
    deadline: Infinity,
    expectedRevision: last?.revision ?? NO_STREAM,
  });

/** Tries what the user is for. @param {import('@eventstore/db-client').EventStoreDBClient} client the user's own */
export async function readOneEvent(client) {
  for await (const _ of client.readAll({ fromPosition: START, maxCount: 1 })) return;
}
