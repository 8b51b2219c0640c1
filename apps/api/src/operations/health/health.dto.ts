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
    description: 'Down while the lists lag; that alone is still ready.',
  })
  projector!: Check;

  @ApiProperty({
    type: [String],
    description: 'What is wrong and what to do about it, a sentence each; none while all is well.',
  })
  reasons!: string[];
}
