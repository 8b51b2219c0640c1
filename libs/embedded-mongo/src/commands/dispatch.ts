import type { Document } from 'bson';
import { asBoolean, asNumber, isPlainObject } from '../bson/codec.js';
import { MongoFault } from '../errors.js';
import type { Transaction } from '../sessions/transactions.js';
import type { Connection } from '../wire/connection.js';
import { CursorReply, type Command, type Reply } from '../wire/message.js';
import {
  sessionOf,
  txnNumberOf,
  type CommandContext,
  type CommandHandler,
  type Services,
} from './context.js';
import * as counting from './count.js';
import * as cursor from './cursor.js';
import * as definition from './definition.js';
import { explain } from './explain.js';
import { findAndModify } from './find-and-modify.js';
import { createIndexes, dropIndexes } from './indexes.js';
import * as query from './query.js';
import * as server from './server.js';
import * as transaction from './transaction.js';
import * as write from './write.js';

const COMMANDS: Readonly<Record<string, CommandHandler>> = {
  hello: server.hello,
  isMaster: server.hello,
  ismaster: server.hello,
  ping: server.ping,
  buildInfo: server.buildInfo,
  buildinfo: server.buildInfo,
  serverStatus: server.serverStatus,
  hostInfo: server.hostInfo,
  connectionStatus: server.connectionStatus,
  getParameter: server.getParameter,
  replSetGetStatus: server.replSetGetStatus,
  insert: write.insert,
  update: write.update,
  delete: write.remove,
  findAndModify,
  findandmodify: findAndModify,
  find: query.find,
  aggregate: query.aggregate,
  count: counting.count,
  distinct: counting.distinct,
  getMore: cursor.getMore,
  killCursors: cursor.killCursors,
  explain,
  create: definition.create,
  drop: definition.drop,
  dropDatabase: definition.dropDatabase,
  renameCollection: definition.renameCollection,
  listCollections: definition.listCollections,
  listDatabases: definition.listDatabases,
  listIndexes: definition.listIndexes,
  collStats: definition.collStats,
  collstats: definition.collStats,
  createIndexes,
  dropIndexes,
  commitTransaction: transaction.commitTransaction,
  abortTransaction: transaction.abortTransaction,
  endSessions: transaction.endSessions,
  killSessions: transaction.endSessions,
  refreshSessions: server.ping,
};

/** What may run inside a multi-document transaction. */
const TRANSACTIONAL = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'find',
  'aggregate',
  'distinct',
  'getMore',
  'killCursors',
  'commitTransaction',
  'abortTransaction',
]);

function transactionOf(
  { transactions }: Services,
  { body, name }: Command,
  connection: Connection,
): Transaction | undefined {
  const session = sessionOf(body);
  const txnNumber = txnNumberOf(body);
  if (session === undefined || txnNumber === undefined || body.autocommit !== false)
    return undefined;
  if (name === 'commitTransaction' || name === 'abortTransaction') return undefined;
  if (!TRANSACTIONAL.has(name)) {
    throw new MongoFault(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  return asBoolean(body.startTransaction)
    ? transactions.start(session, txnNumber, connection)
    : transactions.require(session, txnNumber, connection);
}

function refuseReadConcern({ body }: Command): void {
  const concern: unknown = body.readConcern;
  if (isPlainObject(concern) && concern.level === 'snapshot' && body.autocommit !== false) {
    throw new MongoFault(72, 'read concern snapshot outside a transaction is not supported');
  }
}

/** The write was made, but the copies asked for there will never be: the store is one server. */
function writeConcernError({ body }: Command): Document | undefined {
  const w: unknown = isPlainObject(body.writeConcern) ? body.writeConcern.w : undefined;
  const copies = asNumber(w);
  if (copies !== undefined && copies > 1) {
    return new MongoFault(100, 'Not enough data-bearing nodes').toError();
  }
  if (typeof w === 'string' && w !== 'majority') {
    const problem = `No write concern mode named '${w}' found in replica set configuration`;
    return new MongoFault(79, problem).toError();
  }
  return undefined;
}

function withConcern(command: Command, reply: Reply): Reply {
  if (reply instanceof CursorReply || command.body.writeConcern === undefined) return reply;
  const error = writeConcernError(command);
  return error === undefined ? reply : { ...reply, writeConcernError: error };
}

/** Runs one command. Throws MongoFault for what the server refuses. */
export async function dispatch(
  services: Services,
  command: Command,
  connection: Connection,
): Promise<Reply> {
  const handler = Object.hasOwn(COMMANDS, command.name) ? COMMANDS[command.name] : undefined;
  if (handler === undefined) {
    throw new MongoFault(59, `no such command: '${command.name}'`);
  }
  refuseReadConcern(command);
  const open = transactionOf(services, command, connection);
  const context: CommandContext = {
    ...services,
    command,
    connection,
    session: sessionOf(command.body),
    txnNumber: txnNumberOf(command.body),
    transaction: open,
  };
  if (open === undefined) return withConcern(command, await handler(context));
  try {
    return await handler(context);
  } catch (error) {
    services.transactions.discard(open);
    throw error;
  }
}
