import { textFault } from '@keytrail/domain';
import { redact } from '@keytrail/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength, Validate, ValidatorConstraint } from 'class-validator';
import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';

@ValidatorConstraint({ name: 'isPlainText' })
class PlainText implements ValidatorConstraintInterface {
  validate(text: unknown): boolean {
    return typeof text !== 'string' || textFault(text) === null;
  }

  defaultMessage({ value }: ValidationArguments): string {
    return textFault(String(value)) ?? '';
  }
}

/** One line without anything that looks like a key: a pasted reason shall not hold a revocation up. */
const toReason = (value: unknown): unknown =>
  typeof value === 'string'
    ? redact(value)
        .replace(/[\t\r\n]+/g, ' ')
        .trim()
    : value;

export class RevokeKeyBody {
  @ApiPropertyOptional({ maxLength: 500, example: 'Leaked in a build log' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => toReason(value))
  @IsString({ message: 'must be text' })
  @MaxLength(500, { message: 'must not be longer than 500 characters' })
  @Validate(PlainText)
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
