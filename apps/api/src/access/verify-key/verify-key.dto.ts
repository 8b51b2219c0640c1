import type { KeyFault } from '../key-check/decide-on-key.js';
import { parseAddress } from '@keytrail/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';

const isObject = { message: 'must be an object' };
const isText = { message: 'must be text' };
/** As long as an HTTP server takes it; the record holds the beginning. */
const LONGEST_TEXT = 16_384;
const tooLong = { message: `must not be longer than ${LONGEST_TEXT} characters` };

const IsAddress = (): PropertyDecorator =>
  ValidateBy({
    name: 'isAddress',
    validator: {
      validate: (value) => typeof value === 'string' && parseAddress(value) !== undefined,
      defaultMessage: () => 'must be an IP address',
    },
  });

/** The request that the other service was asked to serve. */
export class VerifiedRequest {
  @ApiProperty({ example: 'GET' })
  @Matches(/^[A-Z][A-Z-]{0,31}$/, { message: 'must be a method such as GET' })
  method!: string;

  @ApiProperty({ example: '/orders/17', description: 'A query string is left out of the record.' })
  @IsString(isText)
  @Matches(/^\//, { message: 'must begin with a slash' })
  @MaxLength(LONGEST_TEXT, tooLong)
  path!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '192.0.2.7',
    description: 'Also with a port, as some proxies write it; the record leaves it out.',
  })
  @IsOptional()
  @IsAddress()
  ip?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsString(isText)
  @MaxLength(LONGEST_TEXT, tooLong)
  userAgent?: string | null;
}

export class VerifyKeyBody {
  @ApiProperty({ description: 'The key that came with the request.' })
  @IsString(isText)
  apiKey!: string;

  @ApiProperty()
  @IsDefined({ message: 'must be given' })
  @IsObject(isObject)
  // ValidateNested alone accepts a list and checks its members.
  @ValidateNested(isObject)
  @Type(() => VerifiedRequest)
  request!: VerifiedRequest;
}

type VerifyFault = KeyFault | 'malformed_key';

const codes: readonly VerifyFault[] = ['malformed_key', 'unknown_key', 'revoked_key'];

export class VerifiedKey {
  @ApiProperty({ description: 'Whether the request may go on. Its use is recorded then.' })
  active!: boolean;

  @ApiProperty({
    type: String,
    enum: [...codes, null],
    nullable: true,
    description: 'Why not; null for an active key.',
  })
  code!: VerifyFault | null;

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
