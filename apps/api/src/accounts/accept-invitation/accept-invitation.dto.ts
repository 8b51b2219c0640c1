import type { Role } from '@keytrail/domain';
import { ApiProperty } from '@nestjs/swagger';
import { roles } from '../common/member.dto.js';

export class JoinedAccount {
  @ApiProperty({ example: 'acc_5hZt0QmXv2RkW8yLc1NbDs' })
  accountId!: string;

  @ApiProperty({ enum: roles })
  role!: Role;
}
