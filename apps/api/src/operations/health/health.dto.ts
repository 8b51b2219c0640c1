import { ApiProperty } from '@nestjs/swagger';

const checks = ['up', 'down'] as const;
export type Check = (typeof checks)[number];

export class LiveAnswer {
  @ApiProperty({ enum: ['live'] })
  status!: 'live';
}

export class ReadyAnswer {
  @ApiProperty({ enum: ['ready', 'unavailable'] })
  status!: 'ready' | 'unavailable';

  @ApiProperty({ enum: checks })
  eventLog!: Check;

  @ApiProperty({ enum: checks })
  readModels!: Check;

  @ApiProperty({
    enum: checks,
    description:
      'Down while the lists lag; that alone is still ready, unless they have stood still for 30 seconds.',
  })
  projector!: Check;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description:
      'How many events are missing from the lists, as they could not be applied, once for each list that ' +
      'misses one; null while the read models do not answer.',
  })
  unappliedEvents!: number | null;

  @ApiProperty({
    type: [String],
    description: 'What is wrong and what to do about it, a sentence each; none while all is well.',
  })
  reasons!: string[];
}
