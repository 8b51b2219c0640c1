import type { CommandHandler } from './context.js';
import * as definition from './definition.js';
import { explain } from './explain.js';
import { createIndexes, dropIndexes } from './indexes.js';
import * as read from './read.js';
import * as server from './server.js';
import * as session from './session.js';
import * as signIn from './sign-in.js';
import { dbStats } from './stats.js';
import * as write from './write.js';

export interface CommandSpec {
  readonly run: CommandHandler;
  /** The fields it takes beside its name and those that all take. */
  readonly fields: readonly string[];
  /** Whether it may be part of a multi-document transaction. */
  readonly inTransactions: boolean;
  /** Whether it is for clients, too, that have not signed in. */
  readonly isOpen: boolean;
}

const plain = (run: CommandHandler, fields = ''): CommandSpec => ({
  run,
  fields: fields.split(' ').filter(Boolean),
  inTransactions: false,
  isOpen: false,
});

const open = (run: CommandHandler, fields = ''): CommandSpec => ({
  ...plain(run, fields),
  isOpen: true,
});

const transactional = (run: CommandHandler, fields = ''): CommandSpec => ({
  ...plain(run, fields),
  inTransactions: true,
});

/* Fields that are taken and change nothing here say so in dialect.md. */
const HELLO_FIELDS =
  'helloOk hello client compression saslSupportedMechs speculativeAuthenticate loadBalanced topologyVersion maxAwaitTimeMS backpressure';

/** Every command that is served. */
export const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  hello: open(server.hello, HELLO_FIELDS),
  isMaster: open(server.hello, HELLO_FIELDS),
  ismaster: open(server.hello, HELLO_FIELDS),
  ping: open(server.ping),
  buildInfo: open(server.buildInfo),
  saslStart: open(signIn.saslStart, 'mechanism payload autoAuthorize options'),
  saslContinue: open(signIn.saslContinue, 'conversationId payload'),
  connectionStatus: open(signIn.connectionStatus, 'showPrivileges'),
  getParameter: plain(server.getParameter, 'featureCompatibilityVersion'),
  getLog: plain(server.getLog),
  getCmdLineOpts: plain(server.getCmdLineOpts),
  dbStats: plain(dbStats, 'scale freeStorage'),
  insert: transactional(write.insert, 'documents ordered'),
  update: transactional(write.update, 'updates ordered'),
  delete: transactional(write.remove, 'deletes ordered'),
  findAndModify: transactional(write.findAndModify, 'query remove update new upsert'),
  find: transactional(read.find, read.FIND_FIELDS.join(' ')),
  aggregate: transactional(read.aggregate, 'pipeline cursor'),
  count: plain(read.count),
  getMore: transactional(read.getMore, 'collection batchSize'),
  killCursors: transactional(read.killCursors, 'cursors'),
  explain: plain(explain, 'verbosity'),
  create: plain(definition.create),
  drop: plain(definition.drop),
  dropDatabase: plain(definition.dropDatabase),
  listCollections: plain(
    definition.listCollections,
    'filter nameOnly authorizedCollections cursor',
  ),
  listDatabases: plain(definition.listDatabases, 'filter nameOnly authorizedDatabases'),
  listIndexes: plain(definition.listIndexes, 'cursor'),
  createIndexes: plain(createIndexes, 'indexes'),
  dropIndexes: plain(dropIndexes, 'index'),
  commitTransaction: transactional(session.commitTransaction, 'recoveryToken'),
  abortTransaction: transactional(session.abortTransaction, 'recoveryToken'),
  endSessions: plain(session.endSessions),
  killSessions: plain(session.endSessions),
};
