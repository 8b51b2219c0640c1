import type { Filter } from 'mongodb';
import { findKeyIdsByPrefix } from '../keys/keys.queries.js';
import { findUserIdsByEmail } from '../members/members.queries.js';
import type { ReadView } from '../common/keytrail-model.js';
import type { AuditDocument } from './audit.projection.js';
import { findPositionsBetween } from './audit-hours.js';

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

/** The query as a MongoDB filter; `null` when no entry can match. */
export async function toFilter(
  view: ReadView,
  query: AuditQuery,
): Promise<Filter<AuditDocument> | null> {
  const { accountId, apiKeyId, types = [], actor, from, to } = query;
  const positions = await positionCondition(view, query);
  if (positions === null) return null;
  const filter: Condition = {
    accountId,
    ...(actor !== undefined && (await actorCondition(view, accountId, actor))),
    ...(apiKeyId !== undefined && { apiKeyId }),
    ...(types.length > 0 && { type: oneOf(types) }),
    // Entries that are not uses have indexes of their own, which answer only who asks for these alone.
    ...(types.length > 0 && !types.includes('KeyUsed') && { isUse: false }),
    ...positions,
    ...((from ?? to) && { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
  };
  return filter;
}

const oneOf = (values: readonly string[]): unknown =>
  values.length === 1 ? values[0] : { $in: [...values] };

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

/** The actor of a use is its key, so what a key did is found by the key. */
async function actorCondition(
  view: ReadView,
  accountId: string,
  actor: string,
): Promise<Condition> {
  const keyIds = actor.startsWith('key_')
    ? [actor]
    : await findKeyIdsByPrefix(view, accountId, actor);
  if (keyIds.length > 0) return { apiKeyId: oneOf(keyIds), 'actor.id': oneOf(keyIds) };
  // Addresses are kept in lower case, and people type them as they come.
  const userIds = await findUserIdsByEmail(view, accountId, actor.toLowerCase());
  return { isUse: false, 'actor.id': oneOf([actor, ...userIds]) };
}
