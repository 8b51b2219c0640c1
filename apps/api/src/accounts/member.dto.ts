import type { MemberDocument } from '@keytrail/read-models';
import { ApiProperty } from '@nestjs/swagger';

export const roles = ['owner', 'reviewer'] as const;

export class ListedMember {
  @ApiProperty()
  userId!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name!: string;

  @ApiProperty({ enum: roles })
  role!: (typeof roles)[number];

  @ApiProperty({ format: 'date-time' })
  joinedAt!: string;
}

export const toListedMember = (document: MemberDocument): ListedMember => ({
  userId: document.userId,
  email: document.email,
  name: document.name,
  role: document.role,
  joinedAt: document.joinedAt.toISOString(),
});
