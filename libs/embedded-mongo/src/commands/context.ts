import { Binary, type Document } from 'bson';
import { asNumber, isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault } from '../errors.js';
import type { CursorRegistry } from '../cursors.js';
import type { Retries } from '../sessions/retries.js';
import type { Transaction, Transactions } from '../sessions/transactions.js';
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
}

export type CommandHandler = (context: CommandContext) => Reply | Promise<Reply>;

/** The session id of a command as hex. */
export function sessionOf(body: Document): string | undefined {
  const lsid: unknown = body.lsid;
  if (!isPlainObject(lsid) || !(lsid.id instanceof Binary)) return undefined;
  return Buffer.from(lsid.id.buffer).toString('hex');
}

export const txnNumberOf = (body: Document): number | undefined => asNumber(body.txnNumber);

/** The namespace a command's first field names. */
export function namespaceOf({ command }: CommandContext): string {
  const name: unknown = command.body[command.name];
  if (typeof name !== 'string' || name === '') {
    throw new MongoFault(73, `Invalid namespace specified '${command.database}.'`);
  }
  return `${command.database}.${name}`;
}

/** Reads see the transaction's snapshot and own writes, or else the latest commit. */
export const readView = ({ database, transaction }: CommandContext): View =>
  transaction?.view ?? database.live;

/** A document-valued option; absent or null is undefined. */
export function documentOption(body: Document, name: string): Document | undefined {
  const value: unknown = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) {
    throw new MongoFault(14, `BSON field '${name}' is the wrong type, expected type 'object'`);
  }
  return value;
}

export function numberOption(body: Document, name: string): number | undefined {
  const value: unknown = body[name];
  if (value === undefined || value === null) return undefined;
  const number = asNumber(value);
  if (number === undefined) {
    throw new MongoFault(14, `BSON field '${name}' is the wrong type, expected a number`);
  }
  if (number < 0) throw badValue(`BSON field '${name}' value must be >= 0`);
  return number;
}

/** Only the simple collation, which compares bytes, is implemented. */
export function refuseCollation(body: Document): void {
  const collation: unknown = body.collation;
  if (!isPlainObject(collation) || collation.locale === 'simple') return;
  if (Object.keys(collation).length === 0) return;
  throw new MongoFault(238, 'collation is not supported by the embedded document store');
}
