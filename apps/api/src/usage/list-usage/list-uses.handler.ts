import { listUses } from '@keytrail/read-models';
import type { UseQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { encodeCursor } from '../../http/cursor.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toUse } from './use.dto.js';
import type { Use } from './use.dto.js';

export interface UsePage {
  readonly uses: Use[];
  readonly nextCursor: string | null;
}

export class ListUses extends Query<UsePage> {
  constructor(readonly query: UseQuery) {
    super();
  }
}

@QueryHandler(ListUses)
export class ListUsesHandler implements IQueryHandler<ListUses> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query }: ListUses): Promise<UsePage> {
    const view = await this.reads.caughtUp('audit', 'keys', 'members');
    const { items, next } = await listUses(view, query);
    return { uses: items.map(toUse), nextCursor: next === null ? null : encodeCursor(next) };
  }
}
