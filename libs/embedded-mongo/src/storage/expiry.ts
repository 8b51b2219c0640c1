import { Bracket, encodeValue } from '../bson/key-encoding.js';
import { Scan } from '../plan/scan.js';
import type { Collection, IndexSpec } from './catalog.js';
import type { DocumentDatabase } from './database.js';
import { removeDocument } from './documents.js';
import { treePrefix } from './index-keys.js';

/** Documents removed in one round, so that a large backlog does not hold up other writes. */
const ROUND = 1_000;

/** The documents whose date in a TTL index is too long ago; values other than dates never expire. */
function expired(
  database: DocumentDatabase,
  collection: Collection,
  index: IndexSpec,
  now: number,
): Scan {
  const limit = new Date(now - (index.expireAfterSeconds ?? 0) * 1000);
  const prefix = treePrefix(index.treeId);
  const start = Buffer.concat([prefix, Buffer.from([Bracket.date])]);
  const end = Buffer.concat([prefix, encodeValue(limit)]);
  const plan = {
    collection,
    index,
    ranges: [{ start, end }],
    reverse: false,
    sorted: true,
    bounded: true,
    exact: true,
    points: false,
  };
  return new Scan(plan, () => true, database.live);
}

/** Removes expired documents of all TTL indexes; inside a write transaction. */
export function removeExpired(database: DocumentDatabase, now: number): void {
  for (const collection of database.catalog.list()) {
    for (const index of collection.indexes) {
      const ascending = index.fields[0]?.descending === false;
      if (index.expireAfterSeconds === undefined || !ascending) continue;
      const scan = expired(database, collection, index, now);
      const found = [];
      for (let next = scan.next(); next !== undefined && found.length < ROUND; next = scan.next()) {
        found.push(next);
      }
      scan.suspend();
      for (const { primary, raw } of found) {
        removeDocument(database.live, collection, primary, raw);
      }
      database.live.addCount(collection.treeId, -found.length);
    }
  }
}
