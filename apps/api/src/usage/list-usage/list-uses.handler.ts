import { listUses } from '@keytrail/read-models';
import type { UseQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { showPage } from '../../http/shown-page.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toUse } from './use.dto.js';
import type { Use } from './use.dto.js';

export interface UsePage {
  readonly uses: Use[];
  readonly nextCursor: string | null;
}

export class ListUses extends Query<UsePage> {
  /** @param list the name of the list that is asked for, whose cursors are good for no other one */
  constructor(
    readonly list: string,
    readonly query: Omit<UseQuery, 'after'>,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ListUses)
export class ListUsesHandler implements IQueryHandler<ListUses> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ list, query, cursor }: ListUses): Promise<UsePage> {
    const { limit, ...filter } = query;
    const scope = { list, ...filter };
    const place = decodeCursor(cursor, scope);
    const view = await this.reads.caughtUp('audit', 'keys', 'members');
    const page = await listUses(view, { ...filter, limit, ...place });
    const { shown, next } = showPage(page, toUse, ({ _id }) => _id);
    return {
      uses: shown,
      nextCursor: next === null ? null : encodeCursor({ after: next }, scope),
    };
  }
}
