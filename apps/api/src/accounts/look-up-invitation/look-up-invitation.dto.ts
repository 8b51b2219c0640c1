import type { Role } from '@keytrail/domain';
import { ApiProperty } from '@nestjs/swagger';
import { roles } from '../common/member.dto.js';

export class InvitationPreview {
  @ApiProperty({ example: 'Ada Lovelace' })
  accountName!: string;

  @ApiProperty({ format: 'email', description: 'The address that was invited.' })
  email!: string;

  @ApiProperty({ enum: roles })
  role!: Role;
}
