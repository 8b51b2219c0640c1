import { keyNameFault } from '@keytrail/domain';
import { redact } from '@keytrail/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Validate, ValidatorConstraint } from 'class-validator';
import type { ValidationArguments, ValidatorConstraintInterface } from 'class-validator';

@ValidatorConstraint()
class KeyName implements ValidatorConstraintInterface {
  validate(name: unknown): boolean {
    return this.faultOf(name) === null;
  }

  defaultMessage({ value }: ValidationArguments): string {
    return this.faultOf(value) ?? '';
  }

  private faultOf(name: unknown): string | null {
    if (typeof name !== 'string') return 'must be text';
    // A name stands in every list and in the log, where a secret must never be.
    return redact(name) === name ? keyNameFault(name) : 'must not contain a key';
  }
}

export class CreateKeyBody {
  @ApiProperty({ minLength: 2, maxLength: 80, example: 'Production Key' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Validate(KeyName)
  name!: string;
}

export class CreatedKey {
  @ApiProperty({ example: 'key_2qLwH0bT9xKc4VnRz7YfPs' })
  apiKeyId!: string;

  @ApiProperty({ description: 'The whole key. It is shown here and never again.' })
  apiKey!: string;

  @ApiProperty({ example: 'axk_1234' })
  keyPrefix!: string;

  @ApiProperty({ example: 'Production Key' })
  name!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty()
  warning!: string;
}
