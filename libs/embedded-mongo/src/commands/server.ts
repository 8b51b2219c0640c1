import { randomBytes } from 'node:crypto';
import { Int32, Long, ObjectId, Timestamp, type Document } from 'bson';
import { MAX_DOCUMENT_BYTES } from '../bson/codec.js';
import { MAX_MESSAGE_BYTES } from '../wire/message.js';
import type { CommandContext } from './context.js';

/** Clients split larger batches, so that one command does not keep all others waiting for long. */
const BATCH_STATEMENTS = 200;

/** The release whose protocol is spoken (wire version 21). */
const SERVER_VERSION = '7.0.0';
const WIRE_VERSION = 21;

const electionId = new ObjectId(randomBytes(12));
const startedAt = Date.now();

function describe({ host, setName, connection }: CommandContext, legacy: boolean): Document {
  return {
    helloOk: true,
    ...(legacy ? { ismaster: true } : { isWritablePrimary: true }),
    secondary: false,
    hosts: [host],
    setName,
    setVersion: new Int32(1),
    primary: host,
    me: host,
    electionId,
    lastWrite: { opTime: { ts: Timestamp.fromBits(1, 1), t: Long.ONE }, lastWriteDate: new Date() },
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: new Int32(MAX_MESSAGE_BYTES),
    maxWriteBatchSize: new Int32(BATCH_STATEMENTS),
    localTime: new Date(),
    logicalSessionTimeoutMinutes: new Int32(30),
    connectionId: new Int32(connection.id),
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(WIRE_VERSION),
    readOnly: false,
    ok: 1,
  };
}

/**
 * hello and its older names. The answer names no `topologyVersion`, so that a driver's monitor polls
 * instead of expecting a stream of answers: nothing ever changes here.
 */
export const hello = (context: CommandContext): Document =>
  describe(context, context.command.name !== 'hello');

export const ping = (): Document => ({ ok: 1 });

export const buildInfo = (): Document => ({
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

export const serverStatus = ({ host, setName }: CommandContext): Document => ({
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

export const hostInfo = (): Document => ({
  system: { currentTime: new Date(), numCores: 1 },
  os: { type: process.platform },
  ok: 1,
});

export const connectionStatus = (): Document => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
  ok: 1,
});

export const getParameter = ({ command }: CommandContext): Document => {
  const known: Document = { featureCompatibilityVersion: { version: '7.0' } };
  return {
    ...Object.fromEntries(Object.entries(known).filter(([name]) => name in command.body)),
    ok: 1,
  };
};

export const replSetGetStatus = ({ host, setName }: CommandContext): Document => ({
  set: setName,
  date: new Date(),
  myState: 1,
  term: Long.ONE,
  members: [{ _id: 0, name: host, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
  ok: 1,
});
