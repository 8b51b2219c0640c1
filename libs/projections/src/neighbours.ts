import type { Collection, Document, Filter } from 'mongodb';
import type { Registry } from './registry.js';
import { entryId, entryOf } from './registry.js';

type Stored = Document & { readonly _id: string };

/** A document of the active generation, and the one of the same id in the next generation. */
export interface Neighbours<Schema> {
  readonly active: Schema;
  readonly next: Schema | undefined;
}

const chunkSize = 1_000;

/** The documents of a model's active generation beside those of its next one, by id, in chunks. */
export async function* neighbours<Schema extends Stored>(
  registry: Registry,
  model: string,
  direction: 'ascending' | 'descending' = 'ascending',
): AsyncGenerator<readonly Neighbours<Schema>[], void> {
  const entries = await registry.load();
  const next = entries.get(entryId(model, 'next'));
  if (!next) throw new Error(`The read model ${model} is not being built`);
  const active = registry.collectionOf<Stored>(entryOf(entries, model));
  const others = registry.collectionOf<Stored>(next);
  let after: string | undefined;
  for (;;) {
    const chunk = await readChunk(active, after, direction);
    if (chunk.length === 0) return;
    after = chunk.at(-1)?._id;
    const ids = chunk.map(({ _id }) => _id);
    const found = await others.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(found.map((document) => [document._id, document]));
    yield chunk.map((document) => ({
      active: document as unknown as Schema,
      next: byId.get(document._id) as unknown as Schema | undefined,
    }));
  }
}

function readChunk(
  collection: Collection<Stored>,
  after: string | undefined,
  direction: 'ascending' | 'descending',
): Promise<Stored[]> {
  const isAscending = direction === 'ascending';
  const filter: Filter<Stored> =
    after === undefined ? {} : { _id: isAscending ? { $gt: after } : { $lt: after } };
  return collection
    .find(filter)
    .sort({ _id: isAscending ? 1 : -1 })
    .limit(chunkSize)
    .toArray();
}
