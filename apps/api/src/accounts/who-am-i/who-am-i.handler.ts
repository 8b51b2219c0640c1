import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { Identity } from '../../access/permission/identity.js';
import { AccountNames } from '../common/account-names.js';
import type { WhoAmIAnswer } from './who-am-i.dto.js';

export class WhoAmI extends Query<WhoAmIAnswer> {
  constructor(readonly caller: Identity) {
    super();
  }
}

@QueryHandler(WhoAmI)
export class WhoAmIHandler implements IQueryHandler<WhoAmI> {
  constructor(private readonly names: AccountNames) {}

  async execute({ caller }: WhoAmI): Promise<WhoAmIAnswer> {
    const account = { id: caller.accountId, name: await this.names.nameOf(caller.accountId) };
    return caller.kind === 'key'
      ? { account, apiKey: { id: caller.keyId, name: caller.name, keyPrefix: caller.keyPrefix } }
      : { account, user: { id: caller.userId, email: caller.email, role: caller.role } };
  }
}
