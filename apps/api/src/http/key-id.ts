import { combine } from '@keytrail/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { notFound } from './problem.js';

const KEY_ID = /^key_[0-9A-Za-z]{22}$/;

/**
 * `apiKeyId` as a filter. A mistyped one is refused: its empty list would read as a key that nobody
 * ever used.
 */
export const IsKeyIdField = (description: string): PropertyDecorator =>
  combine(
    ApiPropertyOptional({ type: String, pattern: KEY_ID.source, description }),
    IsOptional(),
    Matches(KEY_ID, { message: 'must be the id of one key, such as key_2qLwH0bT9xKc4VnRz7YfPs' }),
  );

/** The id of a key in an address. A malformed id is answered like an unknown one. */
export const keyIdPipe = {
  transform(value: unknown): string {
    if (typeof value === 'string' && KEY_ID.test(value)) return value;
    throw notFound('key');
  },
};
