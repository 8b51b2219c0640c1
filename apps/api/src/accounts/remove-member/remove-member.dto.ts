import { ApiProperty } from '@nestjs/swagger';

export class MadeKey {
  @ApiProperty({ example: 'key_2qLwH0bT9xKc4VnRz7YfPs' })
  id!: string;

  @ApiProperty({ example: 'Production Key' })
  name!: string;

  @ApiProperty({ example: 'axk_1234' })
  keyPrefix!: string;
}

export class RemovedMember {
  @ApiProperty({ example: true })
  success!: true;

  @ApiProperty()
  userId!: string;

  @ApiProperty({
    type: [MadeKey],
    nullable: true,
    description:
      'The keys that the person made and that are still active, the newest 100: whoever has one of them can still read. null when the list of keys does not answer or has not caught up: the person is removed, and GET /v1/api-keys?createdBy= tells later.',
  })
  activeKeys!: MadeKey[] | null;
}
