import type { Collection, FindCursor } from 'mongodb';
import { ids, refusal, useServer, type Doc } from './server-under-test.js';

const server = useServer();

interface Explained {
  readonly executionStats: {
    readonly nReturned: number;
    readonly totalKeysExamined: number;
    readonly totalDocsExamined: number;
  };
}

interface Usage {
  readonly plan: string;
  readonly keys: number;
  readonly docs: number;
  readonly returned: number;
}

async function usage(cursor: FindCursor<Doc>): Promise<Usage> {
  const explained = await cursor.explain('executionStats');
  const { executionStats: stats } = explained as unknown as Explained;
  return {
    plan: JSON.stringify((explained as Doc).queryPlanner),
    keys: stats.totalKeysExamined,
    docs: stats.totalDocsExamined,
    returned: stats.nReturned,
  };
}

async function accounts(): Promise<Collection<Doc>> {
  const collection = server.collection();
  await collection.createIndex({ accountId: 1, status: 1, at: -1 });
  const documents = Array.from({ length: 1_000 }, (_, n) => ({
    _id: n,
    accountId: `a${n % 10}`,
    status: n % 4 === 0 ? 'revoked' : 'active',
    at: new Date(1_700_000_000_000 + n),
  }));
  await collection.insertMany(documents);
  return collection;
}

describe('a query reads only what its index selects', () => {
  it('by equality', async () => {
    const collection = await accounts();
    const { plan, keys, docs, returned } = await usage(
      collection.find({ accountId: 'a1', status: 'active' }),
    );
    expect(plan).toContain('IXSCAN');
    expect(returned).toBe(100);
    expect(keys).toBeLessThanOrEqual(101);
    expect(docs).toBe(100);
  });

  it('by range after equality', async () => {
    const collection = await accounts();
    const from = new Date(1_700_000_000_000 + 900);
    const query = { accountId: 'a1', status: 'active', at: { $gte: from } };
    const { docs, returned } = await usage(collection.find(query));
    expect(docs).toBe(returned);
    expect(ids(await collection.find(query).toArray()).sort()).toEqual([
      901, 911, 921, 931, 941, 951, 961, 971, 981, 991,
    ]);
  });

  it.each([1, -1] as const)('in the order asked for (%d), a page at a time', async (direction) => {
    const collection = await accounts();
    const cursor = () =>
      collection.find({ accountId: 'a1', status: 'active' }).sort({ at: direction }).limit(5);
    const { plan, docs } = await usage(cursor());
    expect(plan).not.toContain('"SORT"');
    expect(docs).toBe(5);
    const expected = direction === 1 ? [1, 11, 21, 31, 41] : [991, 981, 971, 961, 951];
    expect(ids(await cursor().toArray())).toEqual(expected);
  });

  it('by $in on the last field', async () => {
    const collection = await accounts();
    const { plan, docs } = await usage(
      collection.find({ accountId: 'a2', status: { $in: ['revoked', 'gone'] } }),
    );
    expect(plan).toContain('IXSCAN');
    expect(docs).toBe(50);
  });

  it('by _id, in ranges and by look-ups', async () => {
    const collection = await accounts();
    const wanted = [3, 500, 999, 5_000];
    const { docs } = await usage(collection.find({ _id: { $in: wanted } }));
    expect(docs).toBe(3);
    const page = collection
      .find({ _id: { $lt: 500 } })
      .sort({ _id: -1 })
      .limit(3);
    expect(ids(await page.toArray())).toEqual([499, 498, 497]);
    expect(
      (
        await usage(
          collection
            .find({ _id: { $lt: 500 } })
            .sort({ _id: -1 })
            .limit(3),
        )
      ).docs,
    ).toBe(3);
  });

  it('or everything, when no index fits', async () => {
    const collection = await accounts();
    expect((await usage(collection.find({ at: new Date(0) }))).plan).toContain('COLLSCAN');
  });
});

describe('index entries follow their documents', () => {
  it('through updates and deletes', async () => {
    const collection = server.collection();
    await collection.createIndex({ n: 1 });
    await collection.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 3 },
    ]);
    await collection.updateOne({ _id: 1 }, { $set: { n: 9 } });
    await collection.deleteOne({ _id: 2 });
    expect(
      ids(
        await collection
          .find({ n: { $gte: 0 } })
          .sort({ n: 1 })
          .toArray(),
      ),
    ).toEqual([3, 1]);
    expect(await collection.countDocuments({ n: { $lt: 3 } })).toBe(0);
  });

  it('partial indexes hold and serve only what they should', async () => {
    const collection = server.collection();
    await collection.createIndex({ p: 1 }, { partialFilterExpression: { active: true } }, {});
    await collection.insertMany([
      { _id: 1, p: 1, active: true },
      { _id: 2, p: 2, active: false },
      { _id: 3 },
    ]);
    expect(
      ids(
        await collection
          .find({ p: { $gt: 0 } })
          .sort({ p: 1 })
          .toArray(),
      ),
    ).toEqual([1, 2]);
    expect((await usage(collection.find({ p: 1, active: true }))).plan).toContain('IXSCAN');
    expect((await usage(collection.find({ p: 1 }))).plan).toContain('COLLSCAN');
  });
});

describe('unique indexes', () => {
  it('name the index, its keys and the value they refuse', async () => {
    const collection = server.collection();
    await collection.createIndex({ a: 1, b: 1 }, { unique: true }, {});
    await collection.insertOne({ _id: 1, a: 1, b: 'x' });
    const error = await refusal(collection.insertOne({ _id: 2, a: 1, b: 'x' }));
    expect(error.code).toBe(11000);
    expect(error.message).toContain('a_1_b_1');
    expect(error.errorResponse).toMatchObject({
      keyPattern: { a: 1, b: 1 },
      keyValue: { a: 1, b: 'x' },
    });
    await collection.insertOne({ _id: 3, a: 1, b: 'y' });
    expect((await refusal(collection.updateOne({ _id: 3 }, { $set: { b: 'x' } }))).code).toBe(
      11000,
    );
    expect(await collection.findOne({ _id: 3 })).toEqual({ _id: 3, a: 1, b: 'y' });
  });

  it('treat a filtered upsert of what exists as a duplicate', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 'k', position: 5 });
    const upsert = collection.updateOne(
      { _id: 'k', position: { $lt: 5 } },
      { $set: { position: 5 } },
      { upsert: true },
    );
    expect((await refusal(upsert)).code).toBe(11000);
  });

  it('count a missing field as null, unless partial', async () => {
    const strict = server.collection();
    await strict.createIndex({ u: 1 }, { unique: true }, {});
    await strict.insertOne({ _id: 1 });
    expect((await refusal(strict.insertOne({ _id: 2 }))).code).toBe(11000);
    const lenient = server.collection();
    await lenient.createIndex(
      { u: 1 },
      { unique: true, partialFilterExpression: { u: { $gte: '' } } },
      {},
    );
    await lenient.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3, u: 'x' }]);
    expect((await refusal(lenient.insertOne({ u: 'x' }))).code).toBe(11000);
  });

  it('compare numbers across types', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    expect((await refusal(collection.insertOne({ _id: 1.0 }))).code).toBe(11000);
  });

  it('cannot be built over duplicates, and leave nothing behind', async () => {
    const collection = server.collection();
    await collection.insertMany([{ u: 1 }, { u: 1 }]);
    expect((await refusal(collection.createIndex({ u: 1 }, { unique: true }, {}))).code).toBe(
      11000,
    );
    expect(await collection.listIndexes().toArray()).toHaveLength(1);
  });
});

describe('an index that is being made', () => {
  const some = Array.from({ length: 2_000 }, (_, id) => ({ _id: id, x: id }));

  it('hides nothing from queries', async () => {
    const counts: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const collection = server.collection();
      await collection.insertMany(some);
      const over = new AbortController();
      const making = collection.createIndex({ x: 1 }).finally(() => {
        over.abort();
      });
      while (!over.signal.aborted) counts.push(await collection.countDocuments({ x: 777 }));
      await making;
    }
    expect([...new Set(counts)]).toEqual([1]);
  });

  it('hides nothing from a transaction that began before', async () => {
    const collection = server.collection();
    await collection.insertMany(some.slice(0, 20));
    await server.client.withSession(async (session) => {
      session.startTransaction();
      expect(await collection.countDocuments({ x: 7 }, { session })).toBe(1);
      await collection.createIndex({ x: 1 });
      expect(await collection.find({ x: 7 }, { session }).toArray()).toEqual([{ _id: 7, x: 7 }]);
      await session.abortTransaction();
    });
  });
});

describe('a pattern with its options beside it', () => {
  it('finds the same with and without an index', async () => {
    const collection = server.collection();
    await collection.insertMany([{ s: 'ABC' }, { s: 'abd' }, { s: 'b' }]);
    const filter = { s: { $regex: /^ab/, $options: 'i' } };
    expect(await collection.countDocuments(filter)).toBe(2);
    await collection.createIndex({ s: 1 });
    expect(await collection.countDocuments(filter)).toBe(2);
  });
});

describe('index definitions', () => {
  it('are listed, dropped, repeated harmlessly, and refused when they contradict', async () => {
    const collection = server.collection();
    await collection.createIndex({ a: 1 });
    await collection.createIndex({ a: 1 });
    const listed = await collection.listIndexes().toArray();
    expect(listed.map(({ name }) => name as string)).toEqual(['_id_', 'a_1']);
    expect((await refusal(collection.createIndex({ a: 1 }, { unique: true }, {}))).code).toBe(86);
    expect((await refusal(collection.createIndex({ a: 1 }, { name: 'other' }, {}))).code).toBe(85);
    await collection.dropIndex('a_1');
    expect(await collection.indexExists('a_1')).toBe(false);
    expect((await refusal(collection.dropIndex('a_1'))).code).toBe(27);
  });

  it('are built over the documents there are', async () => {
    const collection = server.collection();
    await collection.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: n, r: 50 - n })));
    await collection.createIndex({ r: 1 });
    const { docs } = await usage(collection.find({ r: { $lte: 3 } }));
    expect(docs).toBe(3);
  });
});
