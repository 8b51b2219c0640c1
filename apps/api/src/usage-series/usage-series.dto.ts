import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsInstantField, IsTextField } from '../http/fields.js';

const buckets = ['hour', 'day'] as const;

export class UsageSeriesQuery {
  @ApiProperty({ enum: buckets })
  @IsIn(buckets, { message: 'must be hour or day' })
  bucket!: 'hour' | 'day';

  @IsInstantField('By default 48 hours or 30 days before `to`.')
  from?: Date;

  @IsInstantField('By default now.')
  to?: Date;

  @IsTextField('Uses of this key only.')
  apiKeyId?: string;
}

class UsageBucket {
  @ApiProperty({ format: 'date-time', description: 'The beginning of the hour or day, UTC.' })
  start!: string;

  @ApiProperty()
  apiKeyId!: string;

  @ApiProperty()
  count!: number;
}

export class UsageSeriesAnswer {
  @ApiProperty({
    type: [UsageBucket],
    description: 'Oldest first; buckets without uses are left out.',
  })
  buckets!: UsageBucket[];
}
