import type { Document } from 'bson';
import { asBoolean, isPlainObject } from '../bson/codec.js';
import { MongoFault, notImplemented } from '../errors.js';

/** Fields that any command may carry. */
const GENERIC = [
  '$audit',
  '$client',
  '$clusterTime',
  '$configServerState',
  '$configTime',
  '$db',
  '$readPreference',
  'apiDeprecationErrors',
  'apiStrict',
  'apiVersion',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'mayBypassWriteBlocking',
  'rawData',
  'readConcern',
  'startTransaction',
  'stmtId',
  'txnNumber',
  'writeConcern',
];

const KNOWN = new Set([
  ...GENERIC,
  'allowDiskUse',
  'allowPartialResults',
  'awaitData',
  'batchSize',
  'collation',
  'filter',
  'find',
  'hint',
  'let',
  'limit',
  'max',
  'min',
  'noCursorTimeout',
  'ntoreturn',
  'oplogReplay',
  'projection',
  'readOnce',
  'returnKey',
  'showRecordId',
  'singleBatch',
  'skip',
  'sort',
  'tailable',
]);

/** Refuses options of find that do not exist, and those that would change the answer. */
export function checkFindOptions(body: Document): void {
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw new MongoFault(40415, `BSON field 'find.${unknown}' is an unknown field.`);
  }
  for (const name of ['tailable', 'awaitData', 'returnKey', 'showRecordId'] as const) {
    if (asBoolean(body[name])) throw notImplemented(`the option ${name} of find`);
  }
  for (const name of ['min', 'max'] as const) {
    const bound: unknown = body[name];
    if (isPlainObject(bound) && Object.keys(bound).length > 0) {
      throw notImplemented(`the option ${name} of find`);
    }
  }
}
