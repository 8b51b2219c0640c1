import type { InvitationDocument } from '@keytrail/read-models';
import { ApiProperty } from '@nestjs/swagger';
import { ListedMember, roles } from '../common/member.dto.js';

class ListedInvitation {
  @ApiProperty({ example: 'inv_8sKd0QmXv2RkW8yLc1NbDs' })
  id!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty({ enum: roles })
  role!: (typeof roles)[number];

  @ApiProperty({ format: 'date-time' })
  invitedAt!: string;

  @ApiProperty({ example: 'ada@example.com' })
  invitedBy!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}

export class MemberList {
  @ApiProperty({ type: [ListedMember] })
  members!: ListedMember[];

  @ApiProperty({ type: [ListedInvitation], description: 'Those that can still be accepted.' })
  invitations!: ListedInvitation[];
}

export const toListedInvitation = (document: InvitationDocument): ListedInvitation => ({
  id: document._id,
  email: document.email,
  role: document.role,
  invitedAt: document.invitedAt.toISOString(),
  invitedBy: document.invitedBy,
  expiresAt: document.expiresAt.toISOString(),
});
