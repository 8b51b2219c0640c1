import type { KeyDocument } from '@keytrail/read-models';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { IsTextField, PageQuery } from '../../http/fields.js';

const statuses = ['Active', 'Revoked'] as const;
type Status = (typeof statuses)[number];

export class ListKeysQuery extends PageQuery {
  @ApiPropertyOptional({ enum: statuses })
  @IsOptional()
  @Transform(
    ({ value }: { value: unknown }) =>
      statuses.find((status) => status.toLowerCase() === String(value).toLowerCase()) ?? value,
  )
  @IsIn(statuses, { message: `must be one of ${statuses.join(', ')}` })
  status?: Status;

  @IsTextField('Part of the name or of the shown prefix, in any case; or the id of one key.')
  q?: string;

  @IsTextField('The address of the person who made it, as it was then.')
  createdBy?: string;
}

/** A key as lists show it. */
export class ListedKey {
  @ApiProperty({ example: 'key_2qLwH0bT9xKc4VnRz7YfPs' })
  id!: string;

  @ApiProperty({ example: 'Production Key' })
  name!: string;

  @ApiProperty({ example: 'axk_1234' })
  keyPrefix!: string;

  @ApiProperty({ enum: statuses })
  status!: Status;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ example: 'ada@example.com' })
  createdBy!: string;

  @ApiProperty({ format: 'date-time', type: String, nullable: true })
  lastUsedAt!: string | null;

  @ApiProperty({ format: 'date-time', type: String, nullable: true })
  revokedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'ada@example.com' })
  revokedBy!: string | null;
}

export class KeyList {
  @ApiProperty({ type: [ListedKey] })
  keys!: ListedKey[];

  @ApiProperty({ description: 'How many keys of the account are active, whatever the filters.' })
  activeCount!: number;

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export const toListedKey = (document: KeyDocument): ListedKey => ({
  id: document._id,
  name: document.name,
  keyPrefix: document.keyPrefix,
  status: document.status,
  createdAt: document.createdAt.toISOString(),
  createdBy: document.createdBy,
  lastUsedAt: document.lastUsedAt?.toISOString() ?? null,
  revokedAt: document.revokedAt?.toISOString() ?? null,
  revokedBy: document.revokedBy,
});
