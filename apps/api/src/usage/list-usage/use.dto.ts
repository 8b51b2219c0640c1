import type { AuditEntry } from '@keytrail/read-models';
import { ApiProperty } from '@nestjs/swagger';
import { IsEndField, IsInstantField, PageQuery } from '../../http/fields.js';
import { IsKeyIdField } from '../../http/key-id.js';

export class UsesQuery extends PageQuery {
  @IsKeyIdField('Uses of this key only.')
  apiKeyId?: string;

  @IsInstantField('Uses at this time or later.')
  from?: Date;

  @IsEndField('Uses before this time.')
  to?: Date;
}

/** One request that was authenticated by a key. */
export class Use {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ example: 'GET' })
  method!: string;

  @ApiProperty({ example: '/v1/me', description: 'The path without its query string.' })
  endpoint!: string;

  @ApiProperty()
  apiKeyId!: string;

  @ApiProperty()
  apiKeyName!: string;

  @ApiProperty({ example: 'axk_1234' })
  apiKeyPrefix!: string;

  @ApiProperty({ type: String, nullable: true })
  ip!: string | null;

  @ApiProperty({ type: String, nullable: true })
  userAgent!: string | null;

  @ApiProperty()
  requestId!: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const toUse = (entry: AuditEntry): Use => ({
  id: entry.eventId,
  createdAt: entry.at.toISOString(),
  method: text(entry.details['method']),
  endpoint: text(entry.details['path']),
  apiKeyId: entry.apiKeyId ?? '',
  apiKeyName: entry.apiKeyName ?? '',
  apiKeyPrefix: entry.apiKeyPrefix ?? '',
  ip: entry.ip,
  userAgent: entry.userAgent,
  requestId: entry.requestId,
});
