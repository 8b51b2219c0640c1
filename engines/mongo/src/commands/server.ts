import { MAX_DOCUMENT_BYTES } from '../bson/values.js';
import { MAX_MESSAGE_BYTES, type Reply } from '../wire/message.js';
import type { CommandContext } from './context.js';
import { mechanismsOf } from './sign-in.js';

/** Clients split larger batches, so that one command does not keep all others waiting for long. */
const BATCH_STATEMENTS = 200;

/** The release whose protocol is spoken (wire version 21). */
const SERVER_VERSION = '7.0.0';
const WIRE_VERSION = 21;

function describe(context: CommandContext, legacy: boolean): Reply {
  const { host, setName, connection } = context;
  return {
    helloOk: true,
    ...(legacy ? { ismaster: true } : { isWritablePrimary: true }),
    secondary: false,
    hosts: [host],
    setName,
    primary: host,
    me: host,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: BATCH_STATEMENTS,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ...mechanismsOf(context),
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

export const getParameter = (): Reply => ({
  featureCompatibilityVersion: { version: '7.0' },
  ok: 1,
});

/** Its log goes to the process that runs it; shells ask for warnings at their start. */
export const getLog = (): Reply => ({ totalLinesWritten: 0, log: [], ok: 1 });

export const getCmdLineOpts = (): Reply => ({ argv: ['embedded-mongo'], parsed: {}, ok: 1 });
