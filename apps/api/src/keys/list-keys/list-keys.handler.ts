import { findAccount, listKeys } from '@keytrail/read-models';
import type { KeyQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { encodeCursor } from '../../http/cursor.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toListedKey } from './list-keys.dto.js';
import type { KeyList } from './list-keys.dto.js';

export class ListKeys extends Query<KeyList> {
  constructor(readonly query: KeyQuery) {
    super();
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query }: ListKeys): Promise<KeyList> {
    const view = await this.reads.caughtUp('keys', 'accounts');
    const [page, account] = await Promise.all([
      listKeys(view, query),
      findAccount(view, query.accountId),
    ]);
    return {
      keys: page.items.map(toListedKey),
      activeCount: account?.activeCount ?? 0,
      nextCursor: page.next === null ? null : encodeCursor(page.next),
    };
  }
}
