import { ApiProperty } from '@nestjs/swagger';

export class RemovedMember {
  @ApiProperty({ example: true })
  success!: true;

  @ApiProperty()
  userId!: string;
}
