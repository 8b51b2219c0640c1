import {
  Binary,
  BSONRegExp,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { ids, useServer, type Doc } from './server-under-test.js';

const server = useServer();

const values: Doc = {
  double: new Double(2),
  int: new Int32(2),
  long: Long.fromString('9007199254740993'),
  smallLong: Long.fromNumber(2),
  string: 'zero \u0000 inside, ünïcode',
  object: { nested: { deep: [1, { x: null }] } },
  binary: new Binary(Buffer.from([0, 255, 3]), 0),
  uuid: new UUID('0b3f7b1c-4d2e-4b6a-9c3d-2f1e0d9c8b7a'),
  objectId: new ObjectId('64b7f8a2c0ffee0123456789'),
  yes: true,
  no: false,
  date: new Date(-1),
  nothing: null,
  regex: new BSONRegExp('^a', 'i'),
  timestamp: new Timestamp({ t: 5, i: 6 }),
  min: new MinKey(),
  max: new MaxKey(),
};

it('every BSON type comes back as it was stored, also after an update beside it', async () => {
  const collection = server.collection();
  await collection.insertOne({ _id: 1, ...values });
  await collection.updateOne({ _id: 1 }, { $set: { touched: true } });
  const found = await collection.findOne({ _id: 1 }, { promoteValues: false, bsonRegExp: true });
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof Binary) {
      expect(Buffer.from((found?.[name] as Binary).buffer)).toEqual(Buffer.from(value.buffer));
      expect((found?.[name] as Binary).sub_type).toBe(value.sub_type);
    } else if (name !== 'object') expect([name, found?.[name]]).toEqual([name, value]);
  }
  const promoted = await collection.findOne({ _id: 1 });
  expect(promoted).toMatchObject({ double: 2, smallLong: 2, object: values.object as object });
});

it.each(Object.keys(values))(
  'a value of type %s finds its document, by scan and by index',
  async (name) => {
    const collection = server.collection();
    await collection.insertMany([
      { _id: 1, v: values[name] as unknown },
      { _id: 2, v: 'another' },
    ]);
    const query = { v: { $eq: values[name] as unknown } };
    expect(ids(await collection.find(query).toArray())).toEqual([1]);
    await collection.createIndex({ v: 1 });
    expect(ids(await collection.find(query).toArray())).toEqual([1]);
  },
);

/** In the order the server documents for comparisons across types. */
const ordered: unknown[] = [
  new MinKey(),
  null,
  -Infinity,
  Long.fromString('-9223372036854775807'),
  Long.fromString('-9223372036854775806'),
  Long.fromString('-9007199254740993'),
  -9007199254740992,
  new Double(-1.5),
  0,
  new Double(0.1),
  new Int32(1),
  Long.fromNumber(2),
  9007199254740992,
  Long.fromString('9007199254740993'),
  Long.fromString('9223372036854775295'),
  Long.fromString('9223372036854775806'),
  Long.fromString('9223372036854775807'),
  new Double(2 ** 63),
  Infinity,
  '',
  'a',
  'a\u0000',
  'aa',
  'b',
  'é',
  {},
  { a: 1 },
  { a: 2 },
  { b: 0 },
  new Binary(Buffer.from([9]), 0),
  new Binary(Buffer.from([1, 1]), 0),
  new ObjectId('000000000000000000000001'),
  new ObjectId('640000000000000000000000'),
  false,
  true,
  new Date(-5),
  new Date(0),
  new Timestamp({ t: 1, i: 1 }),
  new BSONRegExp('a', ''),
  new MaxKey(),
];

/** The driver replaces a null `_id` by one of its own; the server takes no regular expression. */
const canBeId = (value: unknown): boolean => value !== null && !(value instanceof BSONRegExp);

describe('values of all types sort in BSON order', () => {
  const documents = (): Doc[] =>
    ordered
      .map((v, at) => ({ _id: at, v }))
      .sort((left, right) => ((left._id * 17) % 37) - ((right._id * 17) % 37));

  it.each(['in memory', 'by index', 'by descending index'])('%s', async (how) => {
    const collection = server.collection();
    if (how === 'by index') await collection.createIndex({ v: 1 });
    if (how === 'by descending index') await collection.createIndex({ v: -1 });
    await collection.insertMany(documents());
    const expected = ordered.map((_, at) => at);
    expect(ids(await collection.find().sort({ v: 1 }).toArray())).toEqual(expected);
    expect(ids(await collection.find().sort({ v: -1 }).toArray())).toEqual([...expected].reverse());
  });

  it('as _id too', async () => {
    const collection = server.collection();
    const unordered = documents().filter(({ v }) => canBeId(v));
    await collection.insertMany(unordered.map(({ _id, v }) => ({ _id: v as object, at: _id })));
    const found = await collection.find().sort({ _id: 1 }).toArray();
    expect(found.map(({ at }) => at as unknown)).toEqual(
      ordered.flatMap((v, at) => (canBeId(v) ? [at] : [])),
    );
  });
});

it('numbers of different types are equal when they are the same number', async () => {
  const collection = server.collection();
  await collection.createIndex({ v: 1 });
  const same = [new Int32(5), new Double(5), Long.fromNumber(5)];
  await collection.insertMany(same.map((v, at) => ({ _id: at, v })));
  for (const v of same) {
    expect(await collection.countDocuments({ v })).toBe(3);
    expect(await collection.countDocuments({ v: { $gt: v } })).toBe(0);
  }
});

it('NaN is equal to itself and neither more nor less than a number', async () => {
  const collection = server.collection();
  await collection.insertMany([
    { _id: 1, v: NaN },
    { _id: 2, v: 1 },
  ]);
  for (const prepare of [() => Promise.resolve(''), () => collection.createIndex({ v: 1 })]) {
    await prepare();
    expect(ids(await collection.find({ v: NaN }).toArray())).toEqual([1]);
    expect(ids(await collection.find({ v: { $lt: 5 } }).toArray())).toEqual([2]);
    expect(ids(await collection.find({ v: { $gt: -5 } }).toArray())).toEqual([2]);
  }
});
