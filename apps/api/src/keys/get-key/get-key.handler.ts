import { findKey } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { toListedKey } from '../list-keys/list-keys.dto.js';
import type { ListedKey } from '../list-keys/list-keys.dto.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';

export class GetKey extends Query<ListedKey | null> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
  ) {
    super();
  }
}

@QueryHandler(GetKey)
export class GetKeyHandler implements IQueryHandler<GetKey> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ accountId, keyId }: GetKey): Promise<ListedKey | null> {
    const found = await findKey(await this.reads.caughtUp('keys'), accountId, keyId);
    return found && toListedKey(found);
  }
}
