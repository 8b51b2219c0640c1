import type { AuditEntry, AuditFilter } from '@keytrail/read-models';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { PastedKeys } from '../../access/key-check/pasted-keys.js';
import { showPosition } from '../../events/feed-position.js';
import { defined } from '../../http/defined.js';
import { IsEndField, IsInstantField, IsTextField, PageQuery } from '../../http/fields.js';
import { IsKeyIdField } from '../../http/key-id.js';
import { IsEventTypesField, typesIn } from './event-types-field.js';

const orders = ['asc', 'desc'] as const;

/** What the audit trail can be narrowed down by, on the page and in the export alike. */
export class AuditFilters {
  @IsKeyIdField('Entries about this key, or made with it.')
  apiKeyId?: string;

  @IsEventTypesField('Event types, separated by commas, such as KeyCreated,KeyRevoked.')
  type?: string;

  @IsTextField("Who did it: an id, a member's email address in any case, or a key's shown prefix.")
  actor?: string;

  @IsInstantField('Entries of this time or later.')
  from?: Date;

  @IsEndField('Entries before this time.')
  to?: Date;

  @ApiPropertyOptional({
    enum: orders,
    default: 'asc',
    description: 'asc is the order of the log.',
  })
  @IsIn(orders, { message: 'must be asc or desc' })
  order: 'asc' | 'desc' = 'asc';
}

export class AuditQuery extends IntersectionType(AuditFilters, PageQuery) {}

/**
 * The filter as the read model takes it. A whole key must not reach the database, which may log what it
 * is asked.
 *
 * @throws Problem 503 `read_model_unavailable`
 */
export async function toFilter(
  accountId: string,
  { type, actor, ...filters }: Omit<AuditFilters, 'order'>,
  pasted: PastedKeys,
): Promise<AuditFilter> {
  const types = type === undefined ? undefined : typesIn(type);
  const searched = actor && (await pasted.searchedFor(actor, accountId));
  return defined({ accountId, ...filters, actor: searched, types });
}

class EntryActor {
  @ApiProperty({ enum: ['user', 'apiKey', 'anonymous', 'system'] })
  type!: string;

  @ApiProperty()
  id!: string;

  @ApiProperty({ example: 'ada@example.com' })
  label!: string;
}

export class Entry {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '184467', description: 'The place in the one order of the log.' })
  position!: string;

  @ApiProperty({ example: 'KeyCreated' })
  type!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: String, nullable: true })
  apiKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true })
  apiKeyName!: string | null;

  @ApiProperty({ type: String, nullable: true })
  apiKeyPrefix!: string | null;

  @ApiProperty()
  actor!: EntryActor;

  @ApiProperty({ type: String, nullable: true })
  ip!: string | null;

  @ApiProperty({ type: String, nullable: true })
  userAgent!: string | null;

  @ApiProperty()
  requestId!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details!: Record<string, unknown>;
}

export class AuditPage {
  @ApiProperty({ type: [Entry] })
  entries!: Entry[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export const toEntry = (entry: AuditEntry): Entry => ({
  id: entry.eventId,
  position: showPosition(entry._id),
  type: entry.type,
  at: entry.at.toISOString(),
  apiKeyId: entry.apiKeyId,
  apiKeyName: entry.apiKeyName,
  apiKeyPrefix: entry.apiKeyPrefix,
  actor: entry.actor,
  ip: entry.ip,
  userAgent: entry.userAgent,
  requestId: entry.requestId,
  details: { ...entry.details },
});
