import { combine } from '@keytrail/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsInt,
  IsOptional,
  isISO8601,
  IsString,
  Max,
  MaxLength,
  Min,
  registerDecorator,
} from 'class-validator';
import { limits } from './limits.js';

const LONGEST_TEXT = limits.queryText;
const DEFAULT_LIMIT = 50;
/** The forms of ISO 8601 that every JavaScript engine reads alike. */
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A text for a time of a year that has four digits, which sorts as time goes. */
const SORTABLE_LENGTH = '2026-01-31T09:30:00.000Z'.length;

/**
 * Reads a date or a date and time of ISO 8601, UTC unless it names an offset; `null` if it is none, or of
 * a year beyond 9999. What happens is recorded to the millisecond: nothing lies between a part of one
 * and the next whole one, so that as a border the two are the same.
 */
function parseInstant(text: unknown): Date | null {
  // Date alone lets 30 February roll over into March; a day that does not exist is a fault.
  if (typeof text !== 'string' || !DATE.test(text) || !isISO8601(text, { strict: true }))
    return null;
  const hasOffset = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T');
  const whole = new Date(hasOffset ? text : `${text}Z`);
  const isPartOfMillisecond = /\.\d{3}\d*[1-9]/.test(text);
  const instant = new Date(whole.getTime() + Number(isPartOfMillisecond));
  if (Number.isNaN(instant.getTime())) return null;
  return instant.toISOString().length === SORTABLE_LENGTH ? instant : null;
}

/** `from`: an instant in ISO 8601, handed on as a Date. */
export function IsInstantField(description: string): PropertyDecorator {
  return combine(
    ApiPropertyOptional({
      type: String,
      format: 'date-time',
      description: `${description} UTC unless it has an offset; a date alone is the beginning of its day.`,
    }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      value === undefined ? undefined : (parseInstant(value) ?? 'invalid'),
    ),
    (target, propertyName) => {
      registerDecorator({
        name: 'isInstant',
        target: target.constructor,
        propertyName: String(propertyName),
        validator: {
          validate: (value: unknown) => value instanceof Date,
          defaultMessage: () =>
            'must be a date in ISO 8601, such as 2026-01-31T09:30:00Z; write the plus sign of an offset as %2B',
        },
      });
    },
  );
}

/** `to`: an instant after the `from` beside it, for else nothing lies between. */
export function IsEndField(description: string): PropertyDecorator {
  return combine(IsInstantField(description), (target, propertyName) => {
    registerDecorator({
      name: 'isAfterFrom',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (to: unknown, context) => {
          const { from } = (context?.object ?? {}) as { readonly from?: unknown };
          return !(to instanceof Date && from instanceof Date && to <= from);
        },
        defaultMessage: () => 'must be after from',
      },
    });
  });
}

/** `limit`: 1 to 100, 50 when it is not given. */
export const IsLimitField = (): PropertyDecorator => IsNumberField({ default: DEFAULT_LIMIT });

/** An optional whole number from 1 to 100. */
export const IsCountField = (description: string): PropertyDecorator =>
  IsNumberField({ description });

function IsNumberField(documentation: ApiPropertyOptions): PropertyDecorator {
  const most = limits.pageItems;
  const message = `must be a whole number from 1 to ${most}`;
  return combine(
    ApiPropertyOptional({ type: Number, minimum: 1, maximum: most, ...documentation }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(1, { message }),
    Max(most, { message }),
  );
}

/** An optional text in a query, up to 200 characters. */
export function IsTextField(description: string): PropertyDecorator {
  return combine(
    ApiPropertyOptional({ type: String, maxLength: LONGEST_TEXT, description }),
    IsOptional(),
    IsString({ message: 'must be given once, as text' }),
    MaxLength(LONGEST_TEXT, { message: `must not be longer than ${LONGEST_TEXT} characters` }),
  );
}

/** What every paged list takes. */
export class PageQuery {
  @IsLimitField()
  limit: number = DEFAULT_LIMIT;

  @IsTextField('The nextCursor of the answer before.')
  cursor?: string;
}
