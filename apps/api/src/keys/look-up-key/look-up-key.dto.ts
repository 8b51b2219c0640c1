import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const SHA_256 = /^[0-9a-f]{64}$/;

export class KeyLookUp {
  @ApiProperty({
    pattern: SHA_256.source,
    description: 'The SHA-256 of the whole key, as 64 hexadecimal digits in lower case.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  @Matches(SHA_256, { message: 'must be a SHA-256, as 64 hexadecimal digits in lower case' })
  secretHash!: string;
}
