import { ApiProperty } from '@nestjs/swagger';
import { roles } from '../common/member.dto.js';

export class ListedAccount {
  @ApiProperty({ example: 'acc_5hZt0QmXv2RkW8yLc1NbDs' })
  id!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name!: string;

  @ApiProperty({ enum: roles, description: "The person's role in it." })
  role!: (typeof roles)[number];
}

export class AccountList {
  @ApiProperty({ type: [ListedAccount] })
  accounts!: ListedAccount[];
}
