import type { CommandHandler } from './context.js';
import * as counting from './count.js';
import * as cursor from './cursor.js';
import * as definition from './definition.js';
import { explain } from './explain.js';
import { AGGREGATE_FIELDS, FIND_FIELDS } from './fields.js';
import { findAndModify } from './find-and-modify.js';
import { createIndexes, dropIndexes } from './indexes.js';
import * as query from './query.js';
import * as server from './server.js';
import * as stats from './stats.js';
import * as transaction from './transaction.js';
import * as write from './write.js';

export interface CommandSpec {
  readonly run: CommandHandler;
  /** The fields it takes beside its name and those that all take. */
  readonly fields: readonly string[];
  /** Whether it may be part of a multi-document transaction. */
  readonly inTransactions: boolean;
}

const plain = (run: CommandHandler, fields = ''): CommandSpec => ({
  run,
  fields: fields.split(' ').filter(Boolean),
  inTransactions: false,
});

const transactional = (run: CommandHandler, fields = ''): CommandSpec => ({
  ...plain(run, fields),
  inTransactions: true,
});

/* Fields that are taken and change nothing here say so in dialect.md. */
const HELLO_FIELDS =
  'helloOk hello client compression saslSupportedMechs speculativeAuthenticate loadBalanced topologyVersion maxAwaitTimeMS backpressure';
const WRITE_FIELDS = 'ordered bypassDocumentValidation';

/** Every command that is served. */
export const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  hello: plain(server.hello, HELLO_FIELDS),
  isMaster: plain(server.hello, HELLO_FIELDS),
  ismaster: plain(server.hello, HELLO_FIELDS),
  ping: plain(server.ping),
  buildInfo: plain(server.buildInfo),
  buildinfo: plain(server.buildInfo),
  serverStatus: plain(server.serverStatus),
  hostInfo: plain(server.hostInfo),
  connectionStatus: plain(server.connectionStatus, 'showPrivileges'),
  getParameter: plain(server.getParameter, 'featureCompatibilityVersion'),
  getLog: plain(server.getLog),
  getCmdLineOpts: plain(server.getCmdLineOpts),
  replSetGetStatus: plain(server.replSetGetStatus),
  currentOp: plain(stats.currentOp, '$all $ownOps'),
  collStats: plain(stats.collStats, 'scale'),
  dbStats: plain(stats.dbStats, 'scale freeStorage'),
  insert: transactional(write.insert, `documents ${WRITE_FIELDS}`),
  update: transactional(write.update, `updates ${WRITE_FIELDS}`),
  delete: transactional(write.remove, `deletes ordered`),
  findAndModify: transactional(
    findAndModify,
    'query sort remove update new fields upsert hint collation bypassDocumentValidation',
  ),
  find: transactional(query.find, FIND_FIELDS),
  aggregate: transactional(query.aggregate, AGGREGATE_FIELDS),
  count: plain(counting.count, 'query limit skip hint collation'),
  distinct: transactional(counting.distinct, 'key query hint collation'),
  getMore: transactional(cursor.getMore, 'collection batchSize'),
  killCursors: transactional(cursor.killCursors, 'cursors'),
  explain: plain(explain, 'verbosity'),
  create: plain(definition.create, 'idIndex'),
  drop: plain(definition.drop),
  dropDatabase: plain(definition.dropDatabase),
  listCollections: plain(
    definition.listCollections,
    'filter nameOnly authorizedCollections cursor',
  ),
  listDatabases: plain(definition.listDatabases, 'filter nameOnly authorizedDatabases'),
  listIndexes: plain(definition.listIndexes, 'cursor'),
  createIndexes: plain(createIndexes, 'indexes commitQuorum'),
  dropIndexes: plain(dropIndexes, 'index'),
  commitTransaction: transactional(transaction.commitTransaction, 'recoveryToken'),
  abortTransaction: transactional(transaction.abortTransaction, 'recoveryToken'),
  endSessions: plain(transaction.endSessions),
  killSessions: plain(transaction.endSessions),
  refreshSessions: plain(server.ping),
};
