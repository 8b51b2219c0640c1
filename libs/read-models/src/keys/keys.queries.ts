import type { Filter } from 'mongodb';
import { readLimit } from '../common/read-limit.js';
import { type Page, toPage } from '../common/page.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { KeyDocument } from './keys.projection.js';

export interface KeyQuery {
  readonly accountId: string;
  readonly status?: 'Active' | 'Revoked';
  /** Part of the name or of the shown prefix, in any case; or a whole id. */
  readonly q?: string;
  /** The address of whoever created it, in lower case. */
  readonly createdBy?: string;
  readonly limit: number;
  /** `createdPosition` of the last key of the page before. */
  readonly after?: string;
}

/** The keys of an account, newest first. */
export async function listKeys(view: ReadView, query: KeyQuery): Promise<Page<KeyDocument>> {
  const { accountId, status, q, createdBy, limit, after } = query;
  const filter: Filter<KeyDocument> = {
    accountId,
    ...(status !== undefined && { status }),
    ...(createdBy !== undefined && { createdBy }),
    ...(after !== undefined && { createdPosition: { $lt: after } }),
    ...(q !== undefined && q !== '' && { $or: alike(q) }),
  };
  const found = await keysOf(view)
    .find(filter, readLimit)
    .sort({ createdPosition: -1 })
    .limit(limit + 1)
    .toArray();
  return toPage(found, limit, ({ createdPosition }) => createdPosition);
}

/** A key of this account; `null` for another account's, as for one that does not exist. */
export function findKey(
  view: ReadView,
  accountId: string,
  keyId: string,
): Promise<KeyDocument | null> {
  return keysOf(view).findOne({ _id: keyId, accountId }, readLimit);
}

export interface KeyLabel {
  readonly name: string;
  readonly keyPrefix: string;
}

/** Names and prefixes of an account's keys by id, for entries that carry only the id. */
export async function findKeyLabels(
  view: ReadView,
  accountId: string,
  keyIds: Iterable<string>,
): Promise<ReadonlyMap<string, KeyLabel>> {
  const ids = [...new Set(keyIds)];
  if (ids.length === 0) return new Map();
  const found = await keysOf(view)
    .find({ _id: { $in: ids }, accountId }, { ...readLimit, projection: { name: 1, keyPrefix: 1 } })
    .toArray();
  return new Map(found.map(({ _id, name, keyPrefix }) => [_id, { name, keyPrefix }]));
}

/** The keys of an account that are shown with this prefix. */
export async function findKeyIdsByPrefix(
  view: ReadView,
  accountId: string,
  keyPrefix: string,
): Promise<string[]> {
  const found = await keysOf(view)
    .find({ accountId, keyPrefix }, { ...readLimit, projection: { _id: 1 } })
    .toArray();
  return found.map(({ _id }) => _id);
}

const keysOf = (view: ReadView) => view.collection<KeyDocument>('keys');

/** A name is kept as it was typed: with composed characters, or with marks of their own (UAX 15). */
const alike = (q: string): Filter<KeyDocument>[] => {
  const spellings = [...new Set([q, q.normalize('NFC'), q.normalize('NFD')])];
  return [
    ...spellings.map((name) => ({ name: contains(name) })),
    { keyPrefix: contains(q) },
    ...(q.startsWith('key_') ? [{ _id: q }] : []),
  ];
};

const contains = (text: string) => ({
  $regex: text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  $options: 'i',
});
