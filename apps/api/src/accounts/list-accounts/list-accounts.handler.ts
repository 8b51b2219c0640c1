import { findMemberships } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { AccountNames } from '../common/account-names.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import type { AccountList } from './list-accounts.dto.js';

export class ListAccounts extends Query<AccountList> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(ListAccounts)
export class ListAccountsHandler implements IQueryHandler<ListAccounts> {
  constructor(
    private readonly reads: ConsistentReads,
    private readonly names: AccountNames,
  ) {}

  async execute({ userId }: ListAccounts): Promise<AccountList> {
    const memberships = await findMemberships(await this.reads.now(), userId);
    const accounts = memberships.map(async ({ accountId, role }) => ({
      id: accountId,
      name: await this.names.nameOf(accountId),
      role,
    }));
    return { accounts: await Promise.all(accounts) };
  }
}
