import { MongoServerError, type ClientSession, type Collection } from 'mongodb';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describeUnlessExternalServer, refusal, useServer, type Doc } from './server-under-test.js';

const server = useServer();

describe('a transaction', () => {
  it('shows its writes to itself only, and to all once it has committed', async () => {
    const collection = server.collection();
    await collection.createIndex({ n: 1 });
    await collection.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 3 },
    ]);
    const session = server.client.startSession();
    session.startTransaction();
    await collection.insertOne({ _id: 4, n: 0 }, { session });
    await collection.updateOne({ _id: 1 }, { $set: { n: 9 } }, { session });
    await collection.deleteOne({ _id: 2 }, { session });
    const inside = await collection.find({}, { session }).sort({ n: 1 }).toArray();
    expect(inside.map(({ _id }) => _id)).toEqual([4, 3, 1]);
    const backwards = await collection
      .find({ n: { $gte: 0 } }, { session })
      .sort({ n: -1 })
      .toArray();
    expect(backwards.map(({ _id }) => _id)).toEqual([1, 3, 4]);
    expect(await collection.countDocuments({}, { session })).toBe(3);
    const outside = await collection.find().sort({ n: 1 }).toArray();
    expect(outside.map(({ _id }) => _id)).toEqual([1, 2, 3]);
    await session.commitTransaction();
    await session.endSession();
    const after = await collection.find().sort({ n: 1 }).toArray();
    expect(after.map(({ _id }) => _id)).toEqual([4, 3, 1]);
    expect(await collection.estimatedDocumentCount()).toBe(3);
  });

  it('leaves nothing when it is aborted', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 1 });
    const session = server.client.startSession();
    session.startTransaction();
    await collection.updateOne({ _id: 1 }, { $set: { n: 2 } }, { session });
    await collection.insertOne({ _id: 2 }, { session });
    await session.abortTransaction();
    await session.endSession();
    expect(await collection.find().toArray()).toEqual([{ _id: 1, n: 1 }]);
  });

  it('reads one snapshot while others write', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 1 });
    const session = server.client.startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await collection.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 1 });
    await collection.updateOne({ _id: 1 }, { $set: { n: 2 } });
    await collection.insertOne({ _id: 2 });
    expect(await collection.find({}, { session }).toArray()).toEqual([{ _id: 1, n: 1 }]);
    await session.abortTransaction();
    await session.endSession();
  });

  it('is not tried again for a command that cannot be part of one', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    let attempts = 0;
    const error = await refusal(
      server.client.withSession((session) =>
        session.withTransaction(() => {
          attempts += 1;
          return collection.createIndex({ a: 1 }, {}, { session });
        }),
      ),
    );
    expect(error.code).toBe(238);
    expect(attempts).toBe(1);
  });

  it('reads in order through an index that its own writes change', async () => {
    const collection = server.collection();
    await collection.createIndex({ n: 1 });
    await collection.insertMany(Array.from({ length: 200 }, (_, n) => ({ _id: n, n: n * 2 })));
    await server.client.withSession((session) =>
      session.withTransaction(async () => {
        const rising = Array.from({ length: 150 }, (_, n) => ({ _id: 300 + n, n: n * 2 + 1 }));
        await collection.insertMany(rising.reverse(), { session });
        const moves = Array.from({ length: 100 }, (_, at) => {
          const n = (at * 37) % 100;
          return { updateOne: { filter: { n: n * 2 }, update: { $inc: { n: 1_000 } } } };
        });
        await collection.bulkWrite(moves, { session });
        await collection.updateMany({ n: { $gte: 1_000 } }, { $inc: { n: 1_000 } }, { session });
        await collection.deleteMany({ n: { $gt: 2_100 } }, { session });
        const found = await collection.find({}, { session }).sort({ n: -1 }).toArray();
        const values = found.map(({ n }) => n as number);
        expect(values).toEqual(values.toSorted((left, right) => right - left));
        expect(values).toHaveLength(301);
        expect(await collection.countDocuments({ n: { $gte: 2_000 } }, { session })).toBe(51);
      }),
    );
    expect(await collection.countDocuments({ n: { $gte: 2_000 } })).toBe(51);
  });

  it('conflicts with another one that changed the same document', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 1 });
    const [first, second] = [server.client.startSession(), server.client.startSession()];
    first.startTransaction();
    second.startTransaction();
    await collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
    const error = await refusal(
      collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second }),
    );
    expect(error.code).toBe(112);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await second.abortTransaction().catch(() => undefined);
    await first.commitTransaction();
    await Promise.all([first.endSession(), second.endSession()]);
    expect(await collection.findOne()).toEqual({ _id: 1, n: 2 });
  });

  it('conflicts with a write made since its snapshot', async () => {
    const collection = server.collection();
    await collection.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ]);
    const session = server.client.startSession();
    session.startTransaction();
    await collection.findOne({ _id: 2 }, { session });
    await collection.updateOne({ _id: 1 }, { $inc: { n: 10 } });
    const error = await refusal(collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session }));
    expect(error.code).toBe(112);
    await session.endSession();
    expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, n: 11 });
  });

  it('counts every increment of concurrent transactions exactly once', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 0 });
    const increment = () =>
      server.client.withSession((session) =>
        session.withTransaction(async () => {
          const document = await collection.findOne({ _id: 1 }, { session });
          const n = Number(document?.n) + 1;
          await collection.updateOne({ _id: 1 }, { $set: { n } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await collection.findOne()).toEqual({ _id: 1, n: 8 });
  });

  it('is over after a duplicate key, with nothing of it written', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    const session = server.client.startSession();
    session.startTransaction();
    await collection.insertOne({ _id: 2 }, { session });
    expect((await refusal(collection.insertOne({ _id: 1 }, { session }))).code).toBe(11000);
    expect((await refusal(collection.findOne({}, { session }))).code).toBe(251);
    await session.abortTransaction();
    await session.endSession();
    expect(await collection.countDocuments()).toBe(1);
  });

  it('moves a checkpoint by compare-and-set together with its documents', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 'checkpoint', position: 0 });
    const apply = (from: number) =>
      server.client.withSession((session) =>
        session.withTransaction(async () => {
          await collection.insertOne({ _id: `doc-${from}` }, { session });
          const moved = await collection.updateOne(
            { _id: 'checkpoint', position: from },
            { $set: { position: from + 1 } },
            { session },
          );
          if (moved.modifiedCount !== 1) throw new Error('moved by another');
        }),
      );
    await apply(0);
    await expect(apply(0)).rejects.toBeInstanceOf(MongoServerError);
    await apply(1);
    await expect(apply(5)).rejects.toThrow('moved by another');
    expect(await collection.countDocuments()).toBe(3);
  });

  it('can be committed twice to the same effect', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 0 });
    const session = server.client.startSession();
    session.startTransaction();
    await collection.insertOne({ _id: 1 }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    await session.endSession();
    expect(await collection.countDocuments()).toBe(2);
  });
});

describe('a transaction and plain writes', () => {
  it('count every increment of both exactly once', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 0 });
    const increment = (session?: ClientSession) =>
      collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, session && { session });
    await Promise.all([
      ...Array.from({ length: 40 }, () => increment()),
      ...Array.from({ length: 10 }, () =>
        server.client.withSession((session) =>
          session.withTransaction(async () => {
            await increment(session);
            await collection.findOne({ _id: 1 }, { session });
          }),
        ),
      ),
    ]);
    expect(await collection.findOne()).toEqual({ _id: 1, n: 50 });
  });

  it('counts in its snapshot, with its own documents', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    await server.client.withSession(async (session) => {
      session.startTransaction();
      await collection.insertOne({ _id: 2 }, { session });
      await collection.insertOne({ _id: 3 });
      expect(await collection.countDocuments({}, { session })).toBe(2);
      await session.abortTransaction();
    });
    expect(await collection.countDocuments({})).toBe(2);
  });
});

// A real server makes a plain write wait for the transaction that has its document.
describeUnlessExternalServer('a commit after a plain write that is already answered', () => {
  const others: Readonly<Record<string, (collection: Collection<Doc>) => Promise<unknown>>> = {
    'to the same document': (collection) =>
      collection.updateOne({ _id: 1 }, { $set: { owner: 'other' } }),
    'of a document with the same _id': (collection) =>
      collection.insertOne({ _id: 2, owner: 'other' }),
    'of the same unique key': (collection) => collection.insertOne({ _id: 3, email: 'new' }),
  };

  it.each(Object.keys(others))('%s is refused, and leaves what is there', async (name) => {
    const collection = server.collection();
    await collection.createIndex(
      { email: 1 },
      { unique: true, partialFilterExpression: { email: { $gte: '' } } },
      {},
    );
    await collection.createIndex({ owner: 1 });
    await collection.insertOne({ _id: 1, owner: 'nobody' });
    await server.client.withSession(async (session) => {
      session.startTransaction();
      await collection.updateOne({ _id: 1 }, { $set: { owner: 'mine' } }, { session });
      await collection.insertOne({ _id: 2, owner: 'mine', email: 'new' }, { session });
      await others[name]?.(collection);
      const before = await collection.find().toArray();
      const error = await refusal(session.commitTransaction());
      expect(error.code).toBe(112);
      expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
      expect(await collection.find().toArray()).toEqual(before);
      expect(await collection.countDocuments({})).toBe(before.length);
      expect(await collection.countDocuments({ owner: 'mine' })).toBe(0);
    });
  });
});

describe('a commit under way', () => {
  it('is answered, not made again, when it is repeated', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 0 });
    const session = server.client.startSession();
    session.startTransaction();
    await collection.insertOne({ _id: 1 }, { session });
    await Promise.all([
      collection.insertOne({ _id: 2 }),
      session.commitTransaction(),
      session.commitTransaction(),
    ]);
    await session.endSession();
    expect(await collection.countDocuments({})).toBe(3);
    expect(await collection.find().toArray()).toHaveLength(3);
  });
});

/** Documents that take an update long enough for others to come in between. */
const LARGE = Array.from({ length: 100 }, (_, id) => ({ _id: id, text: 'x'.repeat(200_000) }));

const enlargeAll = LARGE.map(({ _id }) => ({
  updateOne: { filter: { _id }, update: { $set: { larger: true } } },
}));

describe('a long command in a transaction', () => {
  it('lets other clients have their turns', async () => {
    const collection = server.collection();
    await collection.insertMany(LARGE);
    await server.client.withSession(async (session) => {
      session.startTransaction();
      const over = new AbortController();
      const updating = collection.bulkWrite(enlargeAll, { session }).finally(() => {
        over.abort();
      });
      let answers = 0;
      for (; !over.signal.aborted; answers += 1) await server.db.command({ ping: 1 });
      expect((await updating).modifiedCount).toBe(LARGE.length);
      // All at once, it would hold up the second or third until it is over.
      expect(answers).toBeGreaterThan(10);
      await session.commitTransaction();
    });
    expect(await collection.countDocuments({ larger: true })).toBe(LARGE.length);
  });

  it('ends when its session is killed meanwhile, with nothing of it written', async () => {
    const collection = server.collection();
    await collection.insertMany(LARGE);
    await server.client.withSession(async (session) => {
      session.startTransaction();
      await collection.updateOne({ _id: 0 }, { $set: { larger: true } }, { session });
      const updating = refusal(collection.bulkWrite(enlargeAll, { session }));
      await server.db.command({ ping: 1 });
      await server.client.db('admin').command({ killSessions: [session.id] });
      // No such transaction, or a real server's "interrupted".
      expect([251, 11_601]).toContain((await updating).code);
    });
    expect(await collection.countDocuments({ larger: true })).toBe(0);
    await collection.updateOne({ _id: 0 }, { $set: { larger: true } });
    expect(await collection.countDocuments({ larger: true })).toBe(1);
  });
});

// A real server goes on with such a transaction until its lifetime is over.
describeUnlessExternalServer('a transaction whose client was killed', () => {
  it('is over at once and keeps nobody from writing', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 1 });
    const [database, name] = collection.namespace.split('.').map((part) => JSON.stringify(part));
    const program = `
      import { MongoClient } from 'mongodb';
      const client = await new MongoClient(${JSON.stringify(server.url)}).connect();
      const session = client.startSession();
      session.startTransaction();
      const collection = client.db(${database}).collection(${name});
      await collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
      console.log('written');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      await server.client.withSession(async (session) => {
        session.startTransaction();
        expect((await refusal(increment(session))).code).toBe(112);
      });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await server.client.withSession((session) => session.withTransaction(() => increment(session)));
    expect(await collection.findOne()).toEqual({ _id: 1, n: 2 });

    function increment(session: ClientSession): Promise<unknown> {
      return collection.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    }
  });
});

describe('a retryable write', () => {
  it('is answered, not applied, when it is repeated, also while it is being written', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, n: 0 });
    const session = server.client.startSession();
    const increment = (txnNumber: bigint) =>
      server.db.command(
        {
          update: collection.collectionName,
          updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
          txnNumber,
        },
        { session },
      );
    const first = await increment(1_000_000n);
    expect(await increment(1_000_000n)).toMatchObject({ n: first.n as number, nModified: 1 });
    expect(await collection.findOne()).toEqual({ _id: 1, n: 1 });
    const other = collection.insertOne({ _id: 2 });
    await Promise.all([increment(1_000_001n), increment(1_000_001n), other]);
    expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
    await session.endSession();
  });
});
