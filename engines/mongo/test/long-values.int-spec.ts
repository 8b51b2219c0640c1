import type { Collection } from 'mongodb';
import { ids, refusal, useServer, type Doc } from './server-under-test.js';

const server = useServer();

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const seed = Date.now() % 100_000;
const random = randomOf(seed);
const below = (count: number): number => Math.floor(random() * count);

/** Texts of all lengths, many with the same beginning and different ends. */
function text(): string {
  const lengths = [3, 400, 570, 590, 596, 597, 598, 600, 680, 1_330, 1_360, 1_961, 1_990, 5_000];
  const beginning = 'ab'[below(2)] ?? '';
  const length = lengths[below(lengths.length)] ?? 0;
  return beginning.repeat(length) + (['', 'a', 'b', 'zz', '\u0000'][below(5)] ?? '');
}

const byText = (left: string, right: string): number =>
  Buffer.from(left).compare(Buffer.from(right));

const documents = Array.from({ length: 120 }, (_, n) => ({
  _id: n,
  k: text(),
  n: below(3),
  tags: [text(), text()],
}));

const INDEXES: Readonly<Record<string, Record<string, 1 | -1> | undefined>> = {
  'without an index': undefined,
  'by an index': { k: 1 },
  'by a descending index': { k: -1 },
  'by an index of two fields': { n: 1, k: -1 },
};

describe(`values of any length (seed ${seed})`, () => {
  describe.each(Object.keys(INDEXES))('%s', (how) => {
    let collection: Collection<Doc>;

    beforeAll(async () => {
      collection = server.collection();
      const half = documents.length / 2;
      await collection.insertMany(documents.slice(0, half));
      const index = INDEXES[how];
      if (index !== undefined) await collection.createIndex(index);
      await collection.insertMany(documents.slice(half));
    });

    it('are found by equality and in lists', async () => {
      for (const { k } of documents.slice(0, 20)) {
        const same = documents.filter((one) => one.k === k).map(({ _id }) => _id);
        const query = { k, n: { $in: [0, 1, 2] } };
        expect(ids(await collection.find(query).sort({ _id: 1 }).toArray())).toEqual(same);
        const listed = { k: { $in: [k, `${k}x`] } };
        expect(ids(await collection.find(listed).sort({ _id: 1 }).toArray())).toEqual(same);
        const tagged = documents.filter(({ tags }) => tags.includes(k)).map(({ _id }) => _id);
        expect(ids(await collection.find({ tags: k }).sort({ _id: 1 }).toArray())).toEqual(tagged);
      }
    });

    it('are found in ranges', async () => {
      for (let round = 0; round < 25; round += 1) {
        const [low = '', high = ''] = [text(), text()].sort(byText);
        const n = below(3);
        const inside = documents.filter(
          (one) => one.n === n && byText(one.k, low) > 0 && byText(one.k, high) <= 0,
        );
        const query = { n, k: { $gt: low, $lte: high } };
        const found = await collection.find(query).sort({ _id: 1 }).toArray();
        expect(ids(found)).toEqual(inside.map(({ _id }) => _id));
        expect(await collection.countDocuments(query)).toBe(inside.length);
      }
    });

    it.each([1, -1] as const)('come in their order (%d)', async (direction) => {
      const expected = documents
        .toSorted((left, right) => direction * byText(left.k, right.k) || left._id - right._id)
        .map(({ _id }) => _id);
      const found = collection.find().sort({ k: direction, _id: 1 });
      expect(ids(await found.toArray())).toEqual(expected);
      const page = collection.find().sort({ k: direction, _id: 1 }).skip(20).limit(30);
      expect(ids(await page.toArray())).toEqual(expected.slice(20, 50));
    });

    it('are changed and removed', async () => {
      for (const { _id, k } of documents.slice(0, 10)) {
        await collection.updateOne({ _id, k }, { $set: { k: `${k}!` } });
        expect(await collection.countDocuments({ _id, k })).toBe(0);
        expect(await collection.countDocuments({ _id, k: `${k}!` })).toBe(1);
        await collection.updateOne({ _id, k: `${k}!` }, { $set: { k } });
      }
      const { k } = documents[0] ?? { k: '' };
      const same = documents.filter((one) => one.k === k).length;
      expect((await collection.deleteMany({ k })).deletedCount).toBe(same);
      expect(await collection.countDocuments({ k })).toBe(0);
    });
  });

  it('make unique indexes refuse what is the same, and only that', async () => {
    const collection = server.collection();
    await collection.createIndex({ k: 1 }, { unique: true }, {});
    const long = 'x'.repeat(3_000);
    await collection.insertOne({ _id: 1, k: `${long}a` });
    await collection.insertOne({ _id: 2, k: `${long}b` });
    expect((await refusal(collection.insertOne({ _id: 3, k: `${long}a` }))).code).toBe(11_000);
    expect(await collection.findOne({ k: `${long}b` })).toMatchObject({ _id: 2 });
    expect(await collection.findOne({ k: `${long}c` })).toBeNull();
  });

  it('are an _id too', async () => {
    const collection = server.collection();
    const known = new Set(documents.map(({ k }) => k));
    const all = [...known].toSorted(byText);
    await collection.createIndex({ n: 1 });
    await collection.insertMany(all.toReversed().map((_id) => ({ _id, n: 1 })));
    expect(ids(await collection.find().sort({ _id: 1 }).toArray())).toEqual(all);
    expect(ids(await collection.find({ n: 1 }).sort({ _id: -1 }).toArray())).toEqual(
      all.toReversed(),
    );
    for (const _id of all) {
      expect(await collection.findOne({ _id })).toEqual({ _id, n: 1 });
      expect((await refusal(collection.insertOne({ _id }))).code).toBe(11_000);
      const later = collection.find({ _id: { $gt: _id } }).sort({ _id: 1 });
      expect(ids(await later.limit(3).toArray())).toEqual(
        all.slice(all.indexOf(_id) + 1, all.indexOf(_id) + 4),
      );
      await collection.updateOne({ _id }, { $inc: { n: 1 } });
    }
    expect((await collection.deleteMany({ _id: { $in: all } })).deletedCount).toBe(all.length);
    const huge = 'y'.repeat(4_100);
    await collection.insertMany([{ _id: huge }, { _id: `${huge}y` }, { _id: `${huge}yy` }]);
    expect(ids(await collection.find({ _id: `${huge}y` }).toArray())).toEqual([`${huge}y`]);
  });

  it('are the same in a transaction', async () => {
    const collection = server.collection();
    await collection.createIndex({ k: 1 });
    const long = 'x'.repeat(2_000);
    await collection.insertMany([
      { _id: 1, k: `${long}b` },
      { _id: 2, k: 'a' },
    ]);
    await server.client.withSession((session) =>
      session.withTransaction(async () => {
        await collection.insertOne({ _id: 3, k: `${long}a` }, { session });
        const found = await collection
          .find({ k: { $gt: 'b' } }, { session })
          .sort({ k: 1 })
          .toArray();
        expect(ids(found)).toEqual([3, 1]);
        expect(await collection.countDocuments({ k: `${long}a` }, { session })).toBe(1);
      }),
    );
    expect(ids(await collection.find().sort({ k: -1 }).toArray())).toEqual([1, 3, 2]);
  });
});
