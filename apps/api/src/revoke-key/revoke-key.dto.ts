import { redact } from '@keytrail/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class RevokeKeyBody {
  @ApiPropertyOptional({ maxLength: 500, example: 'Leaked in a build log' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? redact(value) : value))
  @IsString({ message: 'must be text' })
  @MaxLength(500, { message: 'must not be longer than 500 characters' })
  reason?: string;
}

export class RevokedKey {
  @ApiProperty({ example: true })
  success!: true;

  @ApiProperty()
  apiKeyId!: string;

  @ApiProperty({ format: 'date-time' })
  revokedAt!: string;
}
