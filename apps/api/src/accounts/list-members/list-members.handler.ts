import { listMembers, listOpenInvitations } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { toListedMember } from '../common/member.dto.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toListedInvitation } from './list-members.dto.js';
import type { MemberList } from './list-members.dto.js';

export class ListMembers extends Query<MemberList> {
  constructor(
    readonly accountId: string,
    readonly now: Date,
  ) {
    super();
  }
}

@QueryHandler(ListMembers)
export class ListMembersHandler implements IQueryHandler<ListMembers> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ accountId, now }: ListMembers): Promise<MemberList> {
    const view = await this.reads.now();
    const [members, invitations] = await Promise.all([
      listMembers(view, accountId),
      listOpenInvitations(view, accountId, now),
    ]);
    return {
      members: members.map(toListedMember),
      invitations: invitations.map(toListedInvitation),
    };
  }
}
