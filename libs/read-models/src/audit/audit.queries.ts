import { findKeyLabels } from '../keys/keys.queries.js';
import { mapSome } from '../common/map-some.js';
import { readLimit } from '../common/read-limit.js';
import { type Page, toPage } from '../common/page.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { AuditDocument } from './audit.projection.js';
import { type AuditFilter, type AuditQuery, toFilters } from './audit-filter.js';

/** One event as people see it; `_id` is its position. */
export interface AuditEntry extends AuditDocument {
  readonly apiKeyName: string | null;
  readonly apiKeyPrefix: string | null;
}

/** A page of an account's audit trail, in the log's order or backwards. */
export async function listAuditEntries(
  view: ReadView,
  query: AuditQuery,
): Promise<Page<AuditEntry>> {
  const { order, limit, accountId } = query;
  const direction = order === 'asc' ? 1 : -1;
  const found = await mapSome(await toFilters(view, query), (filter) =>
    view
      .collection<AuditDocument>('audit')
      .find(filter, { ...readLimit, batchSize: limit + 2 })
      .sort({ _id: direction })
      .limit(limit + 1)
      .toArray(),
  );
  const inOrder = found.flat().sort((one, other) => (one._id < other._id ? -direction : direction));
  const { items, next } = toPage(inOrder, limit, ({ _id }) => _id);
  return { items: await withKeyLabels(view, accountId, items), next };
}

export type UseQuery = Omit<AuditFilter, 'types' | 'actor'> & Pick<AuditQuery, 'limit' | 'after'>;

/** Uses of keys, newest first: the `KeyUsed` entries of the audit trail. */
export const listUses = (view: ReadView, query: UseQuery): Promise<Page<AuditEntry>> =>
  listAuditEntries(view, { ...query, types: ['KeyUsed'], order: 'desc' });

/** Small enough for many exports at a time, also when every text in them is as long as it may be. */
const exportPage = 250;

/**
 * All entries that match, up to the newest at the time of the call, page by page: no more than a
 * page is in memory, and the export outlives the switch to a rebuilt read model.
 *
 * @param view asked for each page's view
 */
export async function* streamAuditEntries(
  view: () => Promise<ReadView>,
  query: AuditFilter & Pick<AuditQuery, 'order'>,
): AsyncGenerator<AuditEntry, void, undefined> {
  const until = (await view()).position('audit');
  let after: string | null | undefined;
  while (after !== null) {
    const page: Page<AuditEntry> = await listAuditEntries(await view(), {
      ...query,
      until,
      limit: exportPage,
      ...(after !== undefined && { after }),
    });
    yield* page.items;
    after = page.next;
  }
}

async function withKeyLabels(
  view: ReadView,
  accountId: string,
  documents: readonly AuditDocument[],
): Promise<AuditEntry[]> {
  const keyIds = documents.flatMap(({ apiKeyId }) => apiKeyId ?? []);
  const labels = await findKeyLabels(view, accountId, keyIds);
  return documents.map((document) => {
    const label = labels.get(document.apiKeyId ?? '');
    return {
      ...document,
      apiKeyName: label?.name ?? null,
      apiKeyPrefix: label?.keyPrefix ?? null,
    };
  });
}
