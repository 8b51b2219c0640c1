import { randomBytes } from 'node:crypto';
import { ObjectId, Timestamp } from 'bson';
import { int64, MAX_DOCUMENT_BYTES } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { MAX_MESSAGE_BYTES, type Reply } from '../wire/message.js';
import type { CommandContext } from './context.js';

/** Clients split larger batches, so that one command does not keep all others waiting for long. */
const BATCH_STATEMENTS = 200;

/** The release whose protocol is spoken (wire version 21). */
const SERVER_VERSION = '7.0.0';
const WIRE_VERSION = 21;

const electionId = new ObjectId(randomBytes(12));
const startedAt = Date.now();

function describe({ host, setName, connection }: CommandContext, legacy: boolean): Reply {
  return {
    helloOk: true,
    ...(legacy ? { ismaster: true } : { isWritablePrimary: true }),
    secondary: false,
    hosts: [host],
    setName,
    setVersion: 1,
    primary: host,
    me: host,
    electionId,
    lastWrite: {
      opTime: { ts: Timestamp.fromBits(1, 1), t: int64(1n) },
      lastWriteDate: new Date(),
    },
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: BATCH_STATEMENTS,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

/**
 * hello and its older names. The answer names no `topologyVersion`, so that a driver's monitor polls
 * instead of expecting a stream of answers: nothing ever changes here.
 */
export const hello = (context: CommandContext): Reply =>
  describe(context, context.command.name !== 'hello');

export const ping = (): Reply => ({ ok: 1 });

export const buildInfo = (): Reply => ({
  version: SERVER_VERSION,
  versionArray: SERVER_VERSION.split('.').map(Number).concat(0),
  gitVersion: 'embedded',
  modules: ['embedded'],
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  storageEngines: ['lmdb'],
  ok: 1,
});

export const serverStatus = ({ host, setName }: CommandContext): Reply => ({
  host,
  version: SERVER_VERSION,
  process: 'embedded-mongo',
  pid: process.pid,
  uptime: Math.floor((Date.now() - startedAt) / 1000),
  localTime: new Date(),
  repl: { setName, isWritablePrimary: true, hosts: [host], me: host },
  storageEngine: { name: 'lmdb', persistent: true },
  ok: 1,
});

export const hostInfo = (): Reply => ({
  system: { currentTime: new Date(), numCores: 1 },
  os: { type: process.platform },
  ok: 1,
});

/** Nobody signs in, so nobody is named. */
export const connectionStatus = (): Reply => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
  ok: 1,
});

const PARAMETERS: ReadonlyMap<string, unknown> = new Map([
  ['featureCompatibilityVersion', { version: '7.0' }],
]);

export function getParameter({ command: { body } }: CommandContext): Reply {
  const found = [...PARAMETERS].filter(([name]) => body.has(name));
  if (found.length === 0) throw new MongoFault(72, 'no option found to get');
  return { ...Object.fromEntries(found), ok: 1 };
}

/** Its log goes to the process that runs it; shells ask for warnings at their start. */
export const getLog = (): Reply => ({ totalLinesWritten: 0, log: [], ok: 1 });

export const getCmdLineOpts = (): Reply => ({ argv: ['embedded-mongo'], parsed: {}, ok: 1 });

export const replSetGetStatus = ({ host, setName }: CommandContext): Reply => ({
  set: setName,
  date: new Date(),
  myState: 1,
  term: int64(1n),
  members: [{ _id: 0, name: host, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
  ok: 1,
});
