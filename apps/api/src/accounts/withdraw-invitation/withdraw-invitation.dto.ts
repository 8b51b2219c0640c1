import { ApiProperty } from '@nestjs/swagger';

export class WithdrawnInvitation {
  @ApiProperty({ example: true })
  success!: true;

  @ApiProperty()
  invitationId!: string;
}
