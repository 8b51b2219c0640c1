import { BSON, type Collection } from 'mongodb';
import { useServer, type Doc } from './server-under-test.js';

const server = useServer();

/** JavaScript objects would sort these names; the driver writes and counts a Map in its order. */
const fields = (...names: string[]): Map<string, unknown> =>
  new Map(names.map((name) => [name, 1]));

const NAMES = ['z', '10', '2', 'a', '1'];

/** Names of the fields as they stand in the bytes of the only document. */
async function namesOf(cursor: { toArray(): Promise<unknown[]> }): Promise<string[]> {
  const [raw] = await cursor.toArray();
  return topLevel(raw as Uint8Array);
}

function topLevel(raw: Uint8Array): string[] {
  const names: string[] = [];
  for (const [, at, length] of BSON.onDemand.parseToElements(raw) as Iterable<number[]>) {
    names.push(Buffer.from(raw).toString('utf8', at, (at ?? 0) + (length ?? 0)));
  }
  return names;
}

const all = (collection: Collection<Doc>) => collection.find({}, { raw: true });

async function filled(document: Map<string, unknown>): Promise<Collection<Doc>> {
  const collection = server.collection();
  await collection.insertOne(new Map([['_id', 7], ...document]), {
    forceServerObjectId: true,
  });
  return collection;
}

describe('the fields of a document stay in the order they were written in', () => {
  it('when it is inserted, updated and replaced', async () => {
    const collection = await filled(fields(...NAMES));
    expect(await namesOf(all(collection))).toEqual(['_id', ...NAMES]);
    await collection.updateOne({ _id: 7 }, { $inc: { 2: 1 }, $set: { a: 2 }, $unset: { 10: '' } });
    expect(await namesOf(all(collection))).toEqual(['_id', 'z', '2', 'a', '1']);
    await collection.replaceOne({ _id: 7 }, fields(...NAMES));
    expect(await namesOf(all(collection))).toEqual(['_id', ...NAMES]);
  });

  it('when it lies in another', async () => {
    const collection = await filled(new Map([['in', fields(...NAMES)]]));
    await collection.updateOne({ _id: 7 }, { $inc: { 'in.2': 1 } });
    expect(await collection.countDocuments({ in: fields(...NAMES) })).toBe(0);
    await collection.updateOne({ _id: 7 }, { $set: { in: fields(...NAMES) } });
    expect(await collection.countDocuments({ in: fields(...NAMES) })).toBe(1);
    expect(await collection.countDocuments({ in: fields(...NAMES.toSorted()) })).toBe(0);
  });

  it('when it is upserted, projected, joined and grouped', async () => {
    const collection = server.collection();
    const set = { $set: { doc: fields(...NAMES) } };
    await collection.updateOne({ _id: 1 }, set, { upsert: true });
    expect(await collection.countDocuments({ doc: fields(...NAMES) })).toBe(1);
    const whole = await filled(fields(...NAMES));
    expect(await namesOf(whole.find({}, { raw: true, projection: { a: 0 } }))).toEqual([
      '_id',
      'z',
      '10',
      '2',
      '1',
    ]);
    const from = collection.collectionName;
    const joined = [{ $lookup: { from, localField: '_id', foreignField: 'x', as: '0' } }];
    expect(await namesOf(whole.aggregate(joined, { raw: true }))).toEqual(['_id', ...NAMES, '0']);
    const group = new Map<string, unknown>([
      ['_id', null],
      ['b', { $sum: 1 }],
      ['1', { $sum: 1 }],
    ]);
    const grouped = [new Map([['$group', group]])] as never;
    expect(await namesOf(whole.aggregate(grouped, { raw: true }))).toEqual(['_id', 'b', '1']);
  });

  it('when it is handed back by the change itself', async () => {
    const collection = await filled(fields(...NAMES));
    const change = collection.findOneAndUpdate({ _id: 7 }, { $inc: { a: 1 } }, { raw: true });
    const answer = (await change) as unknown;
    const raw = answer instanceof Uint8Array ? answer : BSON.serialize(answer as Doc);
    expect(topLevel(raw)).toEqual(['_id', ...NAMES]);
  });

  it('and new fields come by their names, numbers by their size', async () => {
    const collection = await filled(fields('m'));
    await collection.updateOne({ _id: 7 }, { $set: fields('b', '10', '9', 'a') });
    expect(await namesOf(all(collection))).toEqual(['_id', 'm', '9', '10', 'a', 'b']);
  });
});
