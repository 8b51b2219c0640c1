import { findMember, listKeys } from '@keytrail/read-models';
import type { MemberDocument } from '@keytrail/read-models';
import { Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { ChangeAccount } from '../../commands/change-account.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import type { MadeKey } from './remove-member.dto.js';
import { RemovedMember } from './remove-member.dto.js';

const MOST_KEYS = 100;

@ApiTags('Members')
@Controller('v1/members')
export class RemoveMemberController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reads: ConsistentReads,
  ) {}

  @Delete(':userId')
  @Access('member')
  @ApiOperation({
    operationId: 'removeMember',
    summary: 'Remove a person from the account; everybody can leave it',
    description: 'Only owners can remove others. The keys that the person made go on working.',
  })
  @ApiOkResponse({ type: RemovedMember })
  @Refuses(...refusalProblems('member_not_found', 'last_owner', 'insufficient_role'), conflict())
  async remove(
    @Param('userId') userId: string,
    @Member() member: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<RemovedMember> {
    const data = { accountId: member.accountId, userId };
    const command = { type: 'RemoveMember', by: member.userId, data } as const;
    const context = commandContext(request, personActor(member));
    const removed = await findMember(await this.reads.now(), member.accountId, userId);
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) throw refusalProblem(outcome.code);
    const activeKeys = removed ? await this.keysMadeBy(removed) : [];
    return { success: true, userId, activeKeys };
  }

  /**
   * Looked for when the person can make no more, and with the one that they made a moment ago. Nothing that
   * fails here may hide that they are removed: `null` then.
   */
  private async keysMadeBy({ accountId, email }: MemberDocument): Promise<MadeKey[] | null> {
    const made = { accountId, createdBy: email, status: 'Active', limit: MOST_KEYS } as const;
    try {
      const { items } = await listKeys(await this.reads.caughtUp('keys'), made);
      return items.map(({ _id, name, keyPrefix }) => ({ id: _id, name, keyPrefix }));
    } catch {
      return null;
    }
  }
}
