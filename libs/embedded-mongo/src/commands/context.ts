import { BsonType, MISSING, type RawValue } from '../bson/raw.js';
import {
  fieldsOf,
  isNullish,
  isNumeric,
  isObject,
  isTrue,
  numberOf,
  textOf,
  type Fields,
} from '../bson/values.js';
import type { CursorRegistry } from '../cursors.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import type { Operation, Operations } from '../operations.js';
import type { Retries } from '../sessions/retries.js';
import type { Transaction, Transactions } from '../sessions/transactions.js';
import type { DocumentDatabase } from '../storage/database.js';
import type { View } from '../storage/view.js';
import { Clock } from '../turns.js';
import type { Connection } from '../wire/connection.js';
import type { Command, Reply } from '../wire/message.js';

/** What all commands share. */
export interface Services {
  readonly database: DocumentDatabase;
  readonly cursors: CursorRegistry;
  readonly transactions: Transactions;
  readonly retries: Retries;
  readonly operations: Operations;
  readonly host: string;
  readonly setName: string;
}

/** One command on its way: where it came from and the transaction it belongs to. */
export interface CommandContext extends Services {
  readonly command: Command;
  readonly connection: Connection;
  readonly operation: Operation;
  readonly session: string | undefined;
  readonly txnNumber: number | undefined;
  readonly transaction: Transaction | undefined;
}

export type CommandHandler = (context: CommandContext) => Reply | Promise<Reply>;

/** The id in `{id: <uuid>}` as hex. */
export function sessionIdOf(lsid: RawValue | undefined): string | undefined {
  const id = lsid && isObject(lsid) ? fieldsOf(lsid).get('id') : undefined;
  return id?.type === BsonType.binary ? id.bytes.toString('hex', 5) : undefined;
}

export const txnNumberOf = (body: Fields): number | undefined =>
  numberOf(body.get('txnNumber') ?? MISSING);

/** Reads see the transaction's snapshot and own writes, or else the latest commit. */
export const readView = ({ database, transaction }: CommandContext): View =>
  transaction?.view ?? database.live;

/** A field that is there and not null. */
export function fieldOf(body: Fields, name: string): RawValue | undefined {
  const value = body.get(name);
  return value === undefined || isNullish(value) ? undefined : value;
}

const wrongType = (name: string, expected: string): MongoFault =>
  new MongoFault(14, `BSON field '${name}' is the wrong type, expected ${expected}`);

export function documentField(body: Fields, name: string): RawValue | undefined {
  const value = fieldOf(body, name);
  if (value !== undefined && !isObject(value)) throw wrongType(name, 'an object');
  return value;
}

export function numberField(body: Fields, name: string): number | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(name, 'a number');
  if (number < 0) throw badValue(`BSON field '${name}' value must be >= 0`);
  return number;
}

export function textField(body: Fields, name: string): string | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const text = textOf(value);
  if (text === undefined) throw wrongType(name, 'a string');
  return text;
}

/** A switch: true, or a number other than zero. */
export function flagField(body: Fields, name: string): boolean | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  if (value.type !== BsonType.bool && !isNumeric(value)) throw wrongType(name, 'a boolean');
  return isTrue(value);
}

/** The namespace a command's first field names. */
export function namespaceOf({ command }: CommandContext): string {
  const name = textOf(command.body.get(command.name) ?? MISSING) ?? '';
  if (name === '') {
    throw new MongoFault(73, `Invalid namespace specified '${command.database}.'`);
  }
  return `${command.database}.${name}`;
}

/** Only the simple collation, which compares bytes, is served. */
export function refuseCollation(body: Fields): void {
  const collation = documentField(body, 'collation');
  const locale = collation && fieldsOf(collation).get('locale');
  if (locale !== undefined && textOf(locale) !== 'simple') throw notImplemented('a collation');
}

/** An index by its key or name; drivers send an empty text for none. */
export function hintField(body: Fields): RawValue | undefined {
  const hint = fieldOf(body, 'hint');
  if (hint === undefined || textOf(hint) === '') return undefined;
  if (!isObject(hint) && textOf(hint) === undefined)
    throw wrongType('hint', 'a string or an object');
  return isObject(hint) && fieldsOf(hint).size === 0 ? undefined : hint;
}

/** The time a command may take, as its `maxTimeMS` says. */
export const clockOf = (body: Fields): Clock =>
  new Clock(numberField(body, 'maxTimeMS') || Infinity);
