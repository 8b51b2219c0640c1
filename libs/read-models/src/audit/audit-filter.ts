import type { Filter } from 'mongodb';
import { findKeyIdsByPrefix } from '../keys/keys.queries.js';
import { findUserIdsByEmail } from '../members/members.queries.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { AuditDocument } from './audit.projection.js';
import { findPositionsBetween } from './audit-spans.js';

export interface AuditFilter {
  readonly accountId: string;
  readonly apiKeyId?: string;
  /** Any of these event types. */
  readonly types?: readonly string[];
  /** Who did it: a user's or key's id, a member's email address, or a key's shown prefix. */
  readonly actor?: string;
  /** Entries of this time or later. */
  readonly from?: Date;
  /** Entries before this time. */
  readonly to?: Date;
}

export interface AuditQuery extends AuditFilter {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Position of the last entry of the page before. */
  readonly after?: string;
  /** The last position to look at, whatever the order. */
  readonly until?: string;
}

type Condition = Record<string, unknown>;

/**
 * The query as filters of which no two match the same entry, each of which is served by an index in the order
 * of the log: it asks for one key, one type and one actor at most. None when no entry can match.
 */
export async function toFilters(
  view: ReadView,
  query: AuditQuery,
): Promise<Filter<AuditDocument>[]> {
  const { accountId, actor, from, to } = query;
  const [positions, actors] = await Promise.all([
    positionCondition(view, query),
    actor === undefined ? undefined : findActors(view, accountId, actor),
  ]);
  if (positions === null) return [];
  const at = (from ?? to) && { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } };
  return conditionsOf(query, actors).map((condition) => ({
    accountId,
    ...condition,
    ...positions,
    ...at,
  }));
}

const USED = 'KeyUsed';

/** @param actors any of them; `undefined` for anybody */
function conditionsOf(
  { apiKeyId, types: asked = [] }: Pick<AuditQuery, 'apiKeyId' | 'types'>,
  actors: Actors | undefined,
): Condition[] {
  const types = [...new Set(asked)];
  const ofKey = apiKeyId === undefined ? {} : { apiKeyId };
  const ofTypes = (names: readonly string[]): Condition[] =>
    names.length === 0 ? [ofKey] : names.map((type) => ({ ...ofKey, type }));
  if (!actors) return ofTypes(types);
  const others = types.filter((type) => type !== USED);
  const areUsesWanted = types.length === 0 || types.includes(USED);
  const keyIds = actors.keyIds.filter((id) => apiKeyId === undefined || id === apiKeyId);
  return [
    // The actor of a use is its key.
    ...(areUsesWanted ? keyIds : []).map((id) => ({ apiKeyId: id, type: USED })),
    // All others have indexes of their own by actor, which answer only who asks for these alone.
    ...(types.length > 0 && others.length === 0 ? [] : actors.ids).flatMap((id) =>
      ofTypes(others).map((condition) => ({ isUse: false, 'actor.id': id, ...condition })),
    ),
  ];
}

/** Where in the log the entries can be: one lower and one upper bound, as narrow as is known. */
async function positionCondition(view: ReadView, query: AuditQuery): Promise<Condition | null> {
  const { accountId, from, to, order, after, until } = query;
  let lower: Condition = {};
  let upper: Condition = until === undefined ? {} : { $lte: until };
  if (from ?? to) {
    const found = await findPositionsBetween(view, accountId, from, to);
    if (found === null) return null;
    lower = { $gte: found.first };
    if (until === undefined || found.last < until) upper = { $lte: found.last };
  }
  if (after !== undefined && order === 'asc' && after >= text(lower['$gte'])) {
    lower = { $gt: after };
  }
  if (after !== undefined && order === 'desc' && (!upper['$lte'] || after <= text(upper['$lte']))) {
    upper = { $lt: after };
  }
  const bounds = { ...lower, ...upper };
  return Object.keys(bounds).length > 0 ? { _id: bounds } : {};
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Actors {
  /** What stands as the actor's id in entries. */
  readonly ids: readonly string[];
  /** Those of them that are keys. */
  readonly keyIds: readonly string[];
}

/** Whoever is meant by an id, the shown prefix of a key or the address of a person. */
async function findActors(view: ReadView, accountId: string, actor: string): Promise<Actors> {
  const keyIds = actor.startsWith('key_')
    ? [actor]
    : await findKeyIdsByPrefix(view, accountId, actor);
  if (keyIds.length > 0) return { ids: keyIds, keyIds };
  // Addresses are kept in lower case, and people type them as they come.
  const userIds = await findUserIdsByEmail(view, accountId, actor.toLowerCase());
  return { ids: [...new Set([actor, ...userIds])], keyIds };
}
