import type { Fields, RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { parsePath } from '../query/path.js';
import type { SortField } from '../query/sort.js';

/** What the encoded `_id` may take in a key of its own, and at the end of an index entry. */
const ID_BYTES = 600;
/** What the fields of another index have together, beside the tree's number and the `_id`. */
const FIELDS_BYTES = 1_360;

export interface IndexSpec {
  readonly treeId: number;
  readonly name: string;
  readonly key: RawValue;
  readonly fields: readonly SortField[];
  readonly unique: boolean;
  readonly partial: Filter | undefined;
  /** How many bytes of a key each field may take. */
  readonly share: number;
  /** How many writes had finished when its entries were on disk; Infinity before. */
  readyAt: number;
  /** Set once a value was too long for a key and stands in it by its beginning and a hash. */
  long: boolean;
}

export interface Collection {
  readonly namespace: string;
  /** The index of the `_id`, which holds the documents themselves. */
  readonly id: IndexSpec;
  indexes: readonly IndexSpec[];
  /** False until a write that needs the collection has stored its catalog entry. */
  stored: boolean;
  /** The entry in memory knows more than the stored one. */
  dirty: boolean;
}

export const databaseOf = (namespace: string): string => namespace.slice(0, namespace.indexOf('.'));
export const collectionOf = (namespace: string): string =>
  namespace.slice(namespace.indexOf('.') + 1);

const ID_KEY = toDocument({ _id: 1 });
export const ID_FIELD: SortField = { path: parsePath('_id'), descending: false };

export const newCollection = (namespace: string, treeId: number): Collection => ({
  namespace,
  id: {
    treeId,
    name: '_id_',
    key: ID_KEY,
    fields: [ID_FIELD],
    unique: true,
    partial: undefined,
    share: ID_BYTES,
    readyAt: 0,
    long: false,
  },
  indexes: [],
  stored: false,
  dirty: true,
});

export function parseIndex(stored: Fields, treeId: number): IndexSpec {
  const key = stored.get('key') ?? toDocument({});
  const fields = key.entries().map(([path, order]) => ({
    path: parsePath(path),
    descending: (order.number ?? 1) < 0,
  }));
  const partial = stored.get('partialFilterExpression');
  return {
    treeId,
    name: stored.at('name').text ?? '',
    key,
    fields,
    unique: stored.at('unique').isTrue,
    partial: partial?.isObject === true ? compileFilter(partial) : undefined,
    share: Math.floor(FIELDS_BYTES / fields.length),
    readyAt: 0,
    long: stored.at('long').isTrue,
  };
}

/** An index in the words of listIndexes. */
export const describeIndex = ({ key, name, unique, partial }: IndexSpec) => ({
  v: 2,
  key,
  name,
  ...(unique && name !== '_id_' ? { unique } : {}),
  partialFilterExpression: partial?.query,
});
