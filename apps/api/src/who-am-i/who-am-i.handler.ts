import { findAccount } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { Identity } from '../access/identity.js';
import { ConsistentReads } from '../stores/consistent-reads.js';
import type { WhoAmIAnswer } from './who-am-i.dto.js';

export class WhoAmI extends Query<WhoAmIAnswer> {
  constructor(readonly caller: Identity) {
    super();
  }
}

const REMEMBERED_ACCOUNTS = 10_000;

@QueryHandler(WhoAmI)
export class WhoAmIHandler implements IQueryHandler<WhoAmI> {
  /** The name of an account never changes, so it may be remembered. */
  private readonly names = new Map<string, string>();

  constructor(private readonly reads: ConsistentReads) {}

  async execute({ caller }: WhoAmI): Promise<WhoAmIAnswer> {
    const account = { id: caller.accountId, name: await this.accountName(caller.accountId) };
    return caller.kind === 'key'
      ? { account, apiKey: { id: caller.keyId, name: caller.name, keyPrefix: caller.keyPrefix } }
      : { account, user: { id: caller.userId, email: caller.email, role: caller.role } };
  }

  private async accountName(accountId: string): Promise<string> {
    const known = this.names.get(accountId);
    if (known !== undefined) return known;
    const account = await findAccount(await this.reads.now(), accountId);
    if (!account) throw new Error(`The account ${accountId} has no name in the read model`);
    if (this.names.size >= REMEMBERED_ACCOUNTS) this.names.clear();
    this.names.set(accountId, account.name);
    return account.name;
  }
}
