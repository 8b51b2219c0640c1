import { findAccount } from '@keytrail/read-models';
import { Injectable } from '@nestjs/common';
import { ConsistentReads } from '../../stores/consistent-reads.js';

const REMEMBERED_ACCOUNTS = 10_000;

/** The names of accounts. A name never changes, so it may be remembered. */
@Injectable()
export class AccountNames {
  private readonly names = new Map<string, string>();

  constructor(private readonly reads: ConsistentReads) {}

  async nameOf(accountId: string): Promise<string> {
    const known = this.names.get(accountId);
    if (known !== undefined) return known;
    const account = await findAccount(await this.reads.now(), accountId);
    if (!account) throw new Error(`The account ${accountId} has no name in the read model`);
    if (this.names.size >= REMEMBERED_ACCOUNTS) this.names.clear();
    this.names.set(accountId, account.name);
    return account.name;
  }
}
