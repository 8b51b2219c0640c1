import type { Actor, RecordedEvent } from '@keytrail/event-store';
import { startOf } from '../common/spans.js';
import { insert, type Operation, upsert } from '@keytrail/projections';
import type { KeytrailModel } from '../common/keytrail-model.js';
import { apiKeyIdOf, shownDetails } from './shown-parts.js';

export interface AuditDocument {
  /** The event's place in the log, as text that sorts as the log does. */
  readonly _id: string;
  readonly eventId: string;
  readonly accountId: string;
  readonly type: string;
  readonly at: Date;
  /** The key it is about, or that it was done with. */
  readonly apiKeyId: string | null;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Only on entries that are not a `KeyUsed`, so that what people do has small indexes of its own. */
  readonly isUse?: false;
}

/** Where in the log the entries of one account and one hour or second lie: bounds, not a list. */
export interface AuditSpanDocument {
  /** `accountId:start` */
  readonly _id: string;
  readonly first: string;
  readonly last: string;
}

export const auditSpanId = (accountId: string, start: Date): string =>
  `${accountId}:${start.toISOString()}`;

const notAUse = { partialFilterExpression: { isUse: false } };

export const audit: KeytrailModel = {
  name: 'audit',
  version: 2,
  collections: {
    '': [
      { key: { accountId: 1, _id: 1 } },
      { key: { accountId: 1, apiKeyId: 1, _id: 1 } },
      { key: { accountId: 1, type: 1, _id: 1 } },
      { key: { accountId: 1, apiKeyId: 1, type: 1, _id: 1 } },
      { key: { accountId: 1, 'actor.id': 1, _id: 1 }, options: notAUse },
      { key: { accountId: 1, 'actor.id': 1, type: 1, _id: 1 }, options: notAUse },
      { key: { accountId: 1, 'actor.id': 1, apiKeyId: 1, _id: 1 }, options: notAUse },
      { key: { accountId: 1, 'actor.id': 1, apiKeyId: 1, type: 1, _id: 1 }, options: notAUse },
    ],
    hours: [],
    seconds: [],
  },
  synchronous: [],
  project: (event, position) =>
    typeof event.data['accountId'] === 'string' ? entry(event, position) : [],
};

function entry(event: RecordedEvent, position: string): Operation[] {
  const { data, context, type } = event;
  const accountId = String(data['accountId']);
  const at = new Date(context.occurredAt);
  return [
    insert(position, {
      eventId: event.id,
      accountId,
      type,
      at,
      apiKeyId: apiKeyIdOf(event),
      actor: context.actor,
      ip: context.ip,
      userAgent: context.userAgent,
      requestId: context.requestId,
      details: shownDetails(data),
      ...(type !== 'KeyUsed' && { isUse: false }),
    }),
    ...(['hour', 'second'] as const).map((span) =>
      upsert(auditSpanId(accountId, startOf(span, at)), {
        collection: `${span}s`,
        $min: { first: position },
        $max: { last: position },
      }),
    ),
  ];
}
