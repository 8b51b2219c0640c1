import { badValue, MongoFault, notImplemented } from '../bson/errors.js';
import { BsonType, type Fields, type RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import type { CursorRegistry } from '../sessions/cursors.js';
import type { Operations } from '../sessions/operations.js';
import type { Retries } from '../sessions/retries.js';
import type { SignIn } from '../sessions/sign-in.js';
import type { Transaction, Transactions } from '../sessions/transactions.js';
import { Clock } from '../sessions/turns.js';
import type { DocumentDatabase } from '../storage/database.js';
import type { View } from '../storage/view.js';
import type { Connection } from '../wire/connection.js';
import type { Command, Reply } from '../wire/message.js';

/** What all commands share. */
export interface Services {
  readonly database: DocumentDatabase;
  readonly cursors: CursorRegistry;
  readonly transactions: Transactions;
  readonly retries: Retries;
  readonly operations: Operations;
  readonly signIn: SignIn;
  readonly host: string;
  readonly setName: string;
}

/** One command on its way: where it came from and the transaction it belongs to. */
export interface CommandContext extends Services {
  readonly command: Command;
  readonly connection: Connection;
  readonly session: string | undefined;
  readonly txnNumber: number | undefined;
  readonly transaction: Transaction | undefined;
  /** The time it may take, as its `maxTimeMS` says. */
  readonly clock: Clock;
}

export type CommandHandler = (context: CommandContext) => Reply | Promise<Reply>;

/** The id in `{id: <uuid>}` as hex. */
export function sessionIdOf(lsid: RawValue | undefined): string | undefined {
  const id = lsid?.isObject === true ? lsid.fields().get('id') : undefined;
  return id?.type === BsonType.binary ? id.bytes.toString('hex', 5) : undefined;
}

/** Reads see the transaction's snapshot and own writes, or else the latest commit. */
export const readView = ({ database, transaction }: CommandContext): View =>
  transaction?.view ?? database.live;

/** Fields that any command may carry: who sends it, and what holds for its whole session. */
export const COMMON_FIELDS = [
  '$clusterTime',
  '$db',
  '$readPreference',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'readConcern',
  'startTransaction',
  'txnNumber',
  'writeConcern',
] as const;

/** Refuses a field that would be passed over, although the server might obey it. */
export function checkFields(fields: Fields, known: readonly string[], of: string): void {
  for (const name of fields.keys()) {
    if (!known.includes(name)) throw notImplemented(`the field '${name}' of ${of}`);
  }
}

/** A field that is there and not null, of the type that it must have. */
function typedField<Value>(
  body: Fields,
  name: string,
  expected: string,
  read: (value: RawValue) => Value | undefined,
): Value | undefined {
  const value = body.at(name);
  if (value.isNullish) return undefined;
  const found = read(value);
  if (found !== undefined) return found;
  throw new MongoFault(14, `BSON field '${name}' is the wrong type, expected ${expected}`);
}

export const documentField = (body: Fields, name: string): RawValue | undefined =>
  typedField(body, name, 'an object', (value) => (value.isObject ? value : undefined));

export const arrayField = (body: Fields, name: string): RawValue[] | undefined =>
  typedField(body, name, 'an array', (value) => (value.isArray ? value.elements() : undefined));

export const textField = (body: Fields, name: string): string | undefined =>
  typedField(body, name, 'a string', (value) => value.text);

export function numberField(body: Fields, name: string): number | undefined {
  const number = typedField(body, name, 'a number', (value) => value.number);
  if (number !== undefined && number < 0) {
    throw badValue(`BSON field '${name}' value must be >= 0`);
  }
  return number;
}

/** A switch: true, or a number other than zero. */
export const flagField = (body: Fields, name: string): boolean | undefined =>
  typedField(body, name, 'a boolean', (value) =>
    value.type === BsonType.bool || value.isNumeric ? value.isTrue : undefined,
  );

const ALL = toDocument({});

export const filterField = (body: Fields, name: string): Filter =>
  compileFilter(documentField(body, name) ?? ALL);

/** The namespace a command's first field names. */
export function namespaceOf({ command }: CommandContext): string {
  const name = command.body.at(command.name).text ?? '';
  if (name === '') {
    throw new MongoFault(73, `Invalid namespace specified '${command.database}.'`);
  }
  return `${command.database}.${name}`;
}

export const clockOf = (body: Fields): Clock =>
  new Clock(numberField(body, 'maxTimeMS') || Infinity);
