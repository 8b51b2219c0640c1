import type { OpenAccountState } from '@keytrail/domain';
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

/** A member as a command has left them. */
export function listedMember({ members }: OpenAccountState, userId: string): ListedMember {
  const member = members.get(userId);
  if (!member) throw new Error(`${userId} is no member of the account that was changed`);
  const { email, name, role, joinedAt } = member;
  return { userId, email, name, role, joinedAt };
}
