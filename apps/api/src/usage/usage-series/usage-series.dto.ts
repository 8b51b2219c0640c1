import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsCountField, IsEndField, IsInstantField } from '../../http/fields.js';
import { IsKeyIdField } from '../../http/key-id.js';

const buckets = ['hour', 'day'] as const;

export class UsageSeriesQuery {
  @ApiProperty({ enum: buckets })
  @IsIn(buckets, { message: 'must be hour or day' })
  bucket!: 'hour' | 'day';

  @IsInstantField('By default 48 hours or 30 days before `to`.')
  from?: Date;

  @IsEndField('By default now.')
  to?: Date;

  @IsKeyIdField('Uses of this key only.')
  apiKeyId?: string;

  @IsCountField('This many of the most used keys one by one, all others together in `others`.')
  top?: number;
}

class UsageBucket {
  @ApiProperty({ format: 'date-time', description: 'The beginning of the hour or day, UTC.' })
  start!: string;

  @ApiProperty()
  apiKeyId!: string;

  @ApiProperty()
  count!: number;
}

class OtherUses {
  @ApiProperty({ format: 'date-time', description: 'The beginning of the hour or day, UTC.' })
  start!: string;

  @ApiProperty()
  count!: number;
}

export class UsageSeriesAnswer {
  @ApiProperty({
    format: 'date-time',
    description:
      'Uses from here on are counted: the beginning of the hour or day (UTC) that the `from` of the query is in.',
  })
  from!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Uses before are counted: the end of the last hour or day, UTC.',
  })
  to!: string;

  @ApiProperty({
    type: [UsageBucket],
    description: 'Oldest first; buckets without uses are left out.',
  })
  buckets!: UsageBucket[];

  @ApiPropertyOptional({
    type: [OtherUses],
    description: 'With `top` only: the uses of all other keys together, oldest first.',
  })
  others?: OtherUses[];
}
