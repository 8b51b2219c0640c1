import { findAccount, listKeys } from '@keytrail/read-models';
import type { KeyQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { showPage } from '../../http/shown-page.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toListedKey } from './list-keys.dto.js';
import type { KeyList } from './list-keys.dto.js';

export class ListKeys extends Query<KeyList> {
  constructor(
    readonly query: Omit<KeyQuery, 'after'>,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query, cursor }: ListKeys): Promise<KeyList> {
    const { limit, ...filter } = query;
    const scope = { list: 'keys', ...filter };
    const place = decodeCursor(cursor, scope);
    const view = await this.reads.caughtUp('keys', 'accounts');
    const [page, account] = await Promise.all([
      listKeys(view, { ...filter, limit, ...place }),
      findAccount(view, query.accountId),
    ]);
    const { shown, next } = showPage(page, toListedKey, ({ createdPosition }) => createdPosition);
    return {
      keys: shown,
      activeCount: account?.activeCount ?? 0,
      nextCursor: next === null ? null : encodeCursor({ after: next }, scope),
    };
  }
}
