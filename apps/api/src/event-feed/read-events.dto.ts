import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { limits } from '../http/limits.js';
import { IsLimitField, IsTextField } from '../http/fields.js';

const { feedTypes: LONGEST_TYPES, feedWaitSeconds: LONGEST_WAIT_S } = limits;
const waitFault = { message: `must be a whole number of seconds from 0 to ${LONGEST_WAIT_S}` };

export class EventsQuery {
  @IsTextField('The position to go on after, `start` for the first event, `now` (the default).')
  from?: string;

  @ApiPropertyOptional({
    type: String,
    example: 'keytrail.key.*',
    description: 'Types, or beginnings of types with a trailing `*`, separated by commas.',
  })
  @IsOptional()
  @IsString({ message: 'must be given once, as text' })
  @MaxLength(LONGEST_TYPES, { message: `must not be longer than ${LONGEST_TYPES} characters` })
  types?: string;

  @IsLimitField()
  limit: number = 50;

  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: LONGEST_WAIT_S,
    default: 0,
    description: 'For pages: how many seconds to wait for the first event when there is none.',
  })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value,
  )
  @IsInt(waitFault)
  @Min(0, waitFault)
  @Max(LONGEST_WAIT_S, waitFault)
  wait: number = 0;
}

/** A CloudEvents 1.0 envelope. */
export class FeedEvent {
  @ApiProperty({ example: '1.0' })
  specversion!: string;

  @ApiProperty({ format: 'uuid', description: 'The same for each delivery of the event.' })
  id!: string;

  @ApiProperty({ example: 'urn:keytrail:account:acc_5hZt0QmXv2RkW8yLc1NbDs' })
  source!: string;

  @ApiProperty({ example: 'keytrail.key.revoked.v1' })
  type!: string;

  @ApiProperty({ example: 'key_2qLwH0bT9xKc4VnRz7YfPs', description: 'What it is about.' })
  subject!: string;

  @ApiProperty({ format: 'date-time' })
  time!: string;

  @ApiProperty({ example: 'application/json' })
  datacontenttype!: string;

  @ApiProperty({ description: 'The position, zero-padded: it sorts as the log does.' })
  sequence!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: Record<string, unknown>;
}

export class EventsPage {
  @ApiProperty({ type: [FeedEvent] })
  events!: FeedEvent[];

  @ApiProperty({
    example: '184467',
    description:
      'The `from` of the next page. There is no event before it that was not handed out.',
  })
  nextPosition!: string;
}
