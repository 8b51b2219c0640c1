import { documentValue, MISSING } from '../bson/raw.js';

import { commandNotServed, MongoFault, notImplemented } from '../errors.js';
import type { Transaction } from '../sessions/transactions.js';
import type { Connection } from '../wire/connection.js';
import { CursorReply, type Command, type Reply } from '../wire/message.js';
import {
  documentField,
  flagField,
  sessionIdOf,
  txnNumberOf,
  type CommandContext,
  type Services,
} from './context.js';
import { checkFields, COMMON_FIELDS } from './fields.js';
import { COMMANDS, type CommandSpec } from './table.js';

function specOf({ name, body }: Command): CommandSpec {
  const spec = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (spec === undefined) throw commandNotServed(name);
  checkFields(body, [name, ...COMMON_FIELDS, ...spec.fields], name);
  return spec;
}

function transactionOf(
  { transactions }: Services,
  { body, name }: Command,
  { inTransactions }: CommandSpec,
  connection: Connection,
): Transaction | undefined {
  const session = sessionIdOf(body.get('lsid'));
  const txnNumber = txnNumberOf(body);
  if (session === undefined || txnNumber === undefined) return undefined;
  if (flagField(body, 'autocommit') !== false) return undefined;
  if (name === 'commitTransaction' || name === 'abortTransaction') return undefined;
  if (name === 'create' || name === 'createIndexes')
    throw notImplemented(`${name} in a transaction`);
  if (!inTransactions) {
    throw new MongoFault(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  return flagField(body, 'startTransaction') === true
    ? transactions.start(session, txnNumber, connection)
    : transactions.require(session, txnNumber, connection);
}

const READ_CONCERNS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot']);

/** One server has one state, which all levels read; only a transaction has a snapshot of it. */
function checkReadConcern({ body }: Command): void {
  const concern = documentField(body, 'readConcern');
  if (concern === undefined) return;
  const fields = concern.fields();
  checkFields(fields, ['level', 'afterClusterTime'], 'readConcern');
  const level = fields.at('level');
  const text = level.text;
  if (!level.isNullish && (text === undefined || !READ_CONCERNS.has(text))) {
    throw new MongoFault(9, 'the level of readConcern is not known');
  }
  if (text === 'snapshot' && flagField(body, 'autocommit') !== false) {
    throw notImplemented('read concern snapshot outside a transaction');
  }
}

/** The write was made, but the copies asked for there will never be: the store is one server. */
function writeConcernError({ body }: Command): Readonly<Record<string, unknown>> | undefined {
  const concern = documentField(body, 'writeConcern');
  if (concern === undefined) return undefined;
  const w = concern.fields().get('w') ?? MISSING;
  if ((w.number ?? 0) > 1) return new MongoFault(100, 'Not enough data-bearing nodes').toError();
  const mode = w.text;
  if (mode === undefined || mode === 'majority') return undefined;
  const problem = `No write concern mode named '${mode}' found in replica set configuration`;
  return new MongoFault(79, problem).toError();
}

function withConcern(command: Command, reply: Reply): Reply {
  if (reply instanceof CursorReply) return reply;
  const error = writeConcernError(command);
  if (error === undefined) return reply;
  const fields = Buffer.isBuffer(reply) ? Object.fromEntries(documentValue(reply).fields()) : reply;
  return { ...fields, writeConcernError: error };
}

/** Runs one command. Throws MongoFault for what the server refuses. */
export async function dispatch(
  services: Services,
  command: Command,
  connection: Connection,
): Promise<Reply> {
  const spec = specOf(command);
  checkReadConcern(command);
  const open = transactionOf(services, command, spec, connection);
  const operation = services.operations.begin(command, connection);
  const context: CommandContext = {
    ...services,
    command,
    connection,
    operation,
    session: sessionIdOf(command.body.get('lsid')),
    txnNumber: txnNumberOf(command.body),
    transaction: open,
  };
  try {
    const reply = await spec.run(context);
    return open === undefined ? withConcern(command, reply) : reply;
  } catch (error) {
    if (open !== undefined) services.transactions.discard(open);
    throw error;
  } finally {
    services.operations.end(operation);
  }
}
