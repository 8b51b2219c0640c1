import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

export class InvitationTokenBody {
  @ApiProperty({ description: "What stands after the # of the invitation's link.", maxLength: 200 })
  @IsString({ message: 'must be text' })
  @MaxLength(200, { message: 'must not be longer than 200 characters' })
  token!: string;
}
