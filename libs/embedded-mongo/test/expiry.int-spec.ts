import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '../src/bson/codec.js';
import { parseIndex, type Collection } from '../src/storage/catalog.js';
import { DocumentDatabase } from '../src/storage/database.js';
import { insertDocument } from '../src/storage/documents.js';
import { removeExpired } from '../src/storage/expiry.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

let dataDir: string;
let database: DocumentDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mongo-'));
  database = new DocumentDatabase(join(dataDir, 'mongo'), (error) => {
    throw error;
  });
});

afterAll(async () => {
  await database.close();
  await rm(dataDir, { recursive: true });
});

/** A collection of documents that are `ages` old, with an index by which they live for a minute. */
async function aged(name: string, direction: 1 | -1, ages: readonly unknown[]) {
  return database.write((): Collection => {
    const collection = database.obtain(`db.${name}`);
    const treeId = database.catalog.allocateTreeId();
    const key = { d: direction };
    const index = parseIndex({ treeId, name: 'd', key, expireAfterSeconds: 60 });
    database.buildIndex(collection, index);
    ages.forEach((age, _id) => {
      const d = typeof age === 'number' ? new Date(NOW - age) : age;
      insertDocument(database.live, collection, encode({ _id, d }));
    });
    database.live.addCount(collection.treeId, ages.length);
    database.storeEntry(collection);
    return collection;
  });
}

describe('documents that have expired', () => {
  it.each([1, -1] as const)(
    'are removed, and no others, by an index {d: %d}',
    async (direction) => {
      const ages = [61_000, 59_000, 3_600_000, -1_000, 'text', null, 60_001];
      const { treeId } = await aged(`few${direction}`, direction, ages);
      await removeExpired(database, NOW);
      expect(database.live.documentCount(treeId)).toBe(4);
    },
  );

  it('are removed however many they are', async () => {
    const { treeId } = await aged(
      'many',
      1,
      Array.from({ length: 3_500 }, () => 61_000),
    );
    await removeExpired(database, NOW);
    expect(database.live.documentCount(treeId)).toBe(0);
  });
});
