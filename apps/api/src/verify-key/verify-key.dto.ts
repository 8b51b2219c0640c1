import type { KeyFault } from '../access/key-check.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIP,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const isText = { message: 'must be text' };
const LONGEST_KEY = 200;
const LONGEST_PATH = 8_192;
const LONGEST_USER_AGENT = 4_096;

/** The request that the other service was asked to serve. */
export class VerifiedRequest {
  @ApiProperty({ example: 'GET' })
  @Matches(/^[A-Z][A-Z-]{0,31}$/, { message: 'must be a method such as GET' })
  method!: string;

  @ApiProperty({ example: '/orders/17', description: 'A query string is left out of the record.' })
  @IsString(isText)
  @Matches(/^\//, { message: 'must begin with a slash' })
  @MaxLength(LONGEST_PATH, { message: `must not be longer than ${LONGEST_PATH} characters` })
  path!: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: '192.0.2.7' })
  @IsOptional()
  @IsIP(undefined, { message: 'must be an IP address' })
  ip?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsString(isText)
  @MaxLength(LONGEST_USER_AGENT, {
    message: `must not be longer than ${LONGEST_USER_AGENT} characters`,
  })
  userAgent?: string | null;
}

export class VerifyKeyBody {
  @ApiProperty({ description: 'The key that came with the request.' })
  @IsString(isText)
  @MaxLength(LONGEST_KEY, { message: `must not be longer than ${LONGEST_KEY} characters` })
  apiKey!: string;

  @ApiProperty()
  @IsDefined({ message: 'must be given' })
  @ValidateNested({ message: 'must be an object' })
  @Type(() => VerifiedRequest)
  request!: VerifiedRequest;
}

const codes: readonly KeyFault[] = ['malformed_key', 'unknown_key', 'revoked_key'];

export class VerifiedKey {
  @ApiProperty({ description: 'Whether the request may go on. Its use is recorded then.' })
  active!: boolean;

  @ApiProperty({
    enum: [...codes],
    nullable: true,
    description: 'Why not; null for an active key.',
  })
  code!: KeyFault | null;

  @ApiProperty({ type: String, nullable: true })
  apiKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true })
  accountId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Production Key' })
  name!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '184467',
    description: 'Whoever has read the log up to here has read of this use.',
  })
  position!: string | null;
}
