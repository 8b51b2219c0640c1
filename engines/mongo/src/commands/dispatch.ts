import { commandNotServed, MongoFault, notImplemented } from '../bson/errors.js';
import type { Transaction } from '../sessions/transactions.js';
import type { Connection } from '../wire/connection.js';
import type { Command, Reply } from '../wire/message.js';
import {
  checkFields,
  clockOf,
  COMMON_FIELDS,
  documentField,
  flagField,
  sessionIdOf,
  type CommandContext,
  type Services,
} from './context.js';
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
  const txnNumber = body.at('txnNumber').number;
  if (session === undefined || txnNumber === undefined) return undefined;
  if (flagField(body, 'autocommit') !== false) return undefined;
  if (name === 'commitTransaction' || name === 'abortTransaction') return undefined;
  if (name === 'create' || name === 'createIndexes') {
    throw notImplemented(`${name} in a transaction`);
  }
  if (!inTransactions) {
    throw new MongoFault(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  return flagField(body, 'startTransaction') === true
    ? transactions.start(session, txnNumber, connection)
    : transactions.require(session, txnNumber, connection);
}

const READ_CONCERNS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot']);

/**
 * One server has one state, which all levels of read concern read; only a transaction has a snapshot of
 * it. Every write is on its disk when it is answered, and nobody else can have it.
 */
function checkConcerns({ body }: Command): void {
  const read = documentField(body, 'readConcern')?.fields();
  if (read !== undefined) {
    checkFields(read, ['level', 'afterClusterTime'], 'readConcern');
    const level = read.at('level').isNullish ? 'local' : (read.at('level').text ?? '');
    if (!READ_CONCERNS.has(level)) {
      throw new MongoFault(9, 'the level of readConcern is not known');
    }
    if (level === 'snapshot' && flagField(body, 'autocommit') !== false) {
      throw notImplemented('read concern snapshot outside a transaction');
    }
  }
  const w = documentField(body, 'writeConcern')?.fields().get('w');
  if (w !== undefined && w.text !== 'majority' && w.number !== 0 && w.number !== 1) {
    throw notImplemented("a write concern with a w but 0, 1 and 'majority'");
  }
}

/** Runs one command. Throws MongoFault for what the server refuses. */
export async function dispatch(
  services: Services,
  command: Command,
  connection: Connection,
): Promise<Reply> {
  const spec = specOf(command);
  if (!spec.isOpen) services.signIn.demand(connection, command.name);
  checkConcerns(command);
  const { body } = command;
  const clock = clockOf(body);
  const transaction = transactionOf(services, command, spec, connection);
  const context: CommandContext = {
    ...services,
    command,
    connection,
    session: sessionIdOf(body.get('lsid')),
    txnNumber: body.at('txnNumber').number,
    transaction,
    clock,
  };
  const operation = services.operations.begin(command, connection);
  try {
    return await spec.run(context);
  } catch (error) {
    if (transaction !== undefined) services.transactions.discard(transaction);
    throw error;
  } finally {
    services.operations.end(operation);
  }
}
