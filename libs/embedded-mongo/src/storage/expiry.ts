import { Bracket, encodeValue } from '../bson/key-encoding.js';
import { descendingRanges } from '../plan/bounds.js';
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
  const dates = [{ start: Buffer.from([Bracket.date]), end: encodeValue(limit) }];
  const descending = index.fields[0]?.descending === true;
  const prefix = treePrefix(index.treeId);
  const ranges = (descending ? descendingRanges(dates) : dates).map(({ start, end }) => ({
    start: Buffer.concat([prefix, start]),
    end: Buffer.concat([prefix, end]),
  }));
  const plan = {
    collection,
    index,
    ranges,
    reverse: false,
    sorted: true,
    bounded: true,
    exact: true,
    points: false,
  };
  return new Scan(plan, () => true, database.live);
}

/** Removes expired documents, round after round so that other writes can go between. */
export async function removeExpired(database: DocumentDatabase, now: number): Promise<void> {
  while (await database.write(() => removeSome(database, now)));
}

/** One round for each TTL index; true when there may be more. Inside a write transaction. */
function removeSome(database: DocumentDatabase, now: number): boolean {
  let more = false;
  for (const collection of database.catalog.list()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined) continue;
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
      more ||= found.length === ROUND;
    }
  }
  return more;
}
