import { BsonType, type Fields, MISSING, type RawValue } from '../bson/raw.js';

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
  const id = lsid && lsid.isObject ? lsid.fields().get('id') : undefined;
  return id?.type === BsonType.binary ? id.bytes.toString('hex', 5) : undefined;
}

export const txnNumberOf = (body: Fields): number | undefined => body.at('txnNumber').number;

/** Reads see the transaction's snapshot and own writes, or else the latest commit. */
export const readView = ({ database, transaction }: CommandContext): View =>
  transaction?.view ?? database.live;

/** A field that is there and not null. */
export function fieldOf(body: Fields, name: string): RawValue | undefined {
  const value = body.get(name);
  return value === undefined || value.isNullish ? undefined : value;
}

const wrongType = (name: string, expected: string): MongoFault =>
  new MongoFault(14, `BSON field '${name}' is the wrong type, expected ${expected}`);

export function documentField(body: Fields, name: string): RawValue | undefined {
  const value = fieldOf(body, name);
  if (value !== undefined && !value.isObject) throw wrongType(name, 'an object');
  return value;
}

export function numberField(body: Fields, name: string): number | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const number = value.number;
  if (number === undefined) throw wrongType(name, 'a number');
  if (number < 0) throw badValue(`BSON field '${name}' value must be >= 0`);
  return number;
}

export function textField(body: Fields, name: string): string | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const text = value.text;
  if (text === undefined) throw wrongType(name, 'a string');
  return text;
}

/** A switch: true, or a number other than zero. */
export function flagField(body: Fields, name: string): boolean | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  if (value.type !== BsonType.bool && !value.isNumeric) throw wrongType(name, 'a boolean');
  return value.isTrue;
}

/** The namespace a command's first field names. */
export function namespaceOf({ command }: CommandContext): string {
  const name = (command.body.get(command.name) ?? MISSING).text ?? '';
  if (name === '') {
    throw new MongoFault(73, `Invalid namespace specified '${command.database}.'`);
  }
  return `${command.database}.${name}`;
}

/** Only the simple collation, which compares bytes, is served. */
export function refuseCollation(body: Fields): void {
  const collation = documentField(body, 'collation');
  const locale = collation && collation.fields().get('locale');
  if (locale !== undefined && locale.text !== 'simple') throw notImplemented('a collation');
}

/** An index by its key or name; drivers send an empty text for none. */
export function hintField(body: Fields): RawValue | undefined {
  const hint = fieldOf(body, 'hint');
  if (hint === undefined || hint.text === '') return undefined;
  if (!hint.isObject && hint.text === undefined) throw wrongType('hint', 'a string or an object');
  return hint.isObject && hint.fields().size === 0 ? undefined : hint;
}

/** The time a command may take, as its `maxTimeMS` says. */
export const clockOf = (body: Fields): Clock =>
  new Clock(numberField(body, 'maxTimeMS') || Infinity);
