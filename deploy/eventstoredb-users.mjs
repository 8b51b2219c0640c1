// Makes the user with which Keytrail uses an EventStoreDB, and gives it the rights that it needs and no others.
//
//   EVENTSTOREDB_ADMIN_URL='esdb://admin:…@host:2113?tlsCAFile=ca.crt' EVENTSTOREDB_PASSWORD=… \
//     node deploy/eventstoredb-users.mjs [--own-server] [--wait=SECONDS]
//
// EVENTSTOREDB_PASSWORD is what the user's password becomes, EVENTSTOREDB_USER its name, by default `keytrail`. With
// --own-server the server is Keytrail's alone: nobody but $admins and the user may then use streams that have no
// access control list of their own. It waits for a server that starts, 15 seconds unless told otherwise. Running it
// again changes nothing. See docs/production-eventstoredb.md.
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { parseConnectionString } from './eventstoredb/connection-string.mjs';
import { explainCall, explainStatus, isPassing } from './eventstoredb/explain.mjs';
import { Fault } from './eventstoredb/fault.mjs';
import { HttpApi } from './eventstoredb/http-api.mjs';
import {
  ensureDefaultRights,
  ensureReader,
  readOneEvent,
  tellDefaultRights,
} from './eventstoredb/rights.mjs';
import { ensureUser } from './eventstoredb/user.mjs';

/** A server that starts for the first time refuses its own admin for a moment. */
const DEFAULT_WAIT = '--wait=15';
const PAUSE_MS = 500;
const CALL_MS = 10_000;
const SHORTEST_PASSWORD = 12;

const tell = (line) => console.log(line);

function readSettings(env, args) {
  const faults = [];
  const isWait = (arg) => /^--wait=\d{1,4}$/.test(arg);
  const unknown = args.filter((arg) => arg !== '--own-server' && !isWait(arg));
  if (unknown.length > 0) faults.push(`unknown arguments: ${unknown.join(' ')}`);
  const { EVENTSTOREDB_ADMIN_URL: adminUrl = '', EVENTSTOREDB_PASSWORD: password = '' } = env;
  const username = env.EVENTSTOREDB_USER || 'keytrail';
  if (adminUrl === '') faults.push('EVENTSTOREDB_ADMIN_URL is not set');
  if (password.length < SHORTEST_PASSWORD) {
    faults.push(`EVENTSTOREDB_PASSWORD must have at least ${SHORTEST_PASSWORD} characters`);
  }
  if (!/^[a-z][a-z0-9-]*$/.test(username) || ['admin', 'ops'].includes(username)) {
    faults.push(
      'EVENTSTOREDB_USER must be lower-case letters, digits and hyphens, neither admin nor ops',
    );
  }
  if (faults.length > 0) throw new Fault(faults.join('; '));
  const waitMs = 1_000 * Number((args.findLast(isWait) ?? DEFAULT_WAIT).split('=')[1]);
  const ownServer = args.includes('--own-server');
  return { adminUrl, user: { username, password }, ownServer, waitMs };
}

/** Waits until there is a leader and the admin is let in. */
async function untilReady(api, waitMs) {
  const giveUpAt = Date.now() + waitMs;
  for (;;) {
    const fault = await whatIsMissing(api);
    if (fault === undefined) return;
    if (Date.now() > giveUpAt) throw new Fault(fault);
    await pause(PAUSE_MS);
  }
}

async function whatIsMissing(api) {
  try {
    return (await leaderFault(api)) ?? (await adminFault(api));
  } catch (error) {
    if (error instanceof Fault && error.passing) return error.message;
    throw error;
  }
}

/** Without a leader a cluster lets in nobody whom it does not remember, so that the gossip is asked without a name. */
async function leaderFault(api) {
  const { status, body } = await api.call('GET', '/gossip', { credentials: null });
  if (isPassing(status)) return explainStatus(status, '');
  const members = body?.members;
  if (!Array.isArray(members)) return undefined;
  const alive = members.filter(({ isAlive }) => isAlive);
  if (alive.some(({ state }) => state === 'Leader')) return undefined;
  return `EventStoreDB has no leader: ${alive.length} of ${members.length} known nodes answer, and most of a cluster must`;
}

async function adminFault(api) {
  const { status } = await api.call('GET', '/users/');
  return status === 200 ? undefined : explainStatus(status, api.server.credentials.username);
}

/** Runs calls with a client of their own, which is left to the end of the process. */
async function withClient(url, username, run) {
  const client = EventStoreDBClient.connectionString(url);
  const late = pause(CALL_MS, undefined, { ref: false }).then(() => {
    throw Object.assign(new Error(), { type: 'timeout' });
  });
  try {
    return await Promise.race([run(client), late]);
  } catch (error) {
    throw error instanceof Fault ? error : new Fault(explainCall(error, username));
  }
}

/** The admin's connection string with somebody else's name and password. */
const urlOf = (adminUrl, { username, password }) =>
  adminUrl.replace(/\/\/[^@]+@/, () => `//${username}:${encodeURIComponent(password)}@`);

/** Rights are known to all parts of a server a moment after they are written. */
async function assertReads(adminUrl, user) {
  const giveUpAt = Date.now() + CALL_MS;
  for (;;) {
    try {
      await withClient(urlOf(adminUrl, user), user.username, readOneEvent);
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) {
        throw new Fault(`${user.username} still cannot read $all: ${error.message}`);
      }
    }
    await pause(PAUSE_MS);
  }
}

async function main() {
  const { adminUrl, user, ownServer, waitMs } = readSettings(process.env, process.argv.slice(2));
  const server = parseConnectionString(adminUrl);
  const api = new HttpApi(server);
  await untilReady(api, waitMs);
  const { body: info } = await api.call('GET', '/info');
  tell(`EventStoreDB ${info?.esVersion ?? info?.dbVersion ?? 'of an unknown version'}`);
  await ensureUser(api, user, tell);
  await withClient(adminUrl, server.credentials.username, async (client) => {
    await ensureReader(client, user.username, tell);
    if (ownServer) await ensureDefaultRights(client, user.username, tell);
    else await tellDefaultRights(client, user.username, tell);
  });
  await assertReads(adminUrl, user);
  tell(`tried: ${user.username} can read $all`);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Fault ? error.message.replace(/([^.?])$/, '$1.') : error);
    process.exit(1);
  },
);
