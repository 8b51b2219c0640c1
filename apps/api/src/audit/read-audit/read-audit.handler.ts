import { listAuditEntries } from '@keytrail/read-models';
import type { AuditQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { showPage } from '../../http/shown-page.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toEntry } from './audit.dto.js';
import type { AuditPage } from './audit.dto.js';

export class ReadAudit extends Query<AuditPage> {
  constructor(
    readonly query: Omit<AuditQuery, 'after' | 'until'>,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ReadAudit)
export class ReadAuditHandler implements IQueryHandler<ReadAudit> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query, cursor }: ReadAudit): Promise<AuditPage> {
    const { limit, ...filter } = query;
    const scope = { list: 'audit', ...filter };
    const place = decodeCursor(cursor, scope);
    const view = await this.reads.caughtUp('audit', 'keys', 'members');
    // Each request of a key is an entry: without an end, whoever reads page by page never gets there.
    const until = place?.until ?? (query.order === 'asc' ? view.position('audit') : undefined);
    const read = { ...filter, limit, ...place, ...(until !== undefined && { until }) };
    const page = await listAuditEntries(view, read);
    const { shown, next } = showPage(page, toEntry, ({ _id }) => _id);
    const nextPlace = next !== null && { after: next, ...(until !== undefined && { until }) };
    return {
      entries: shown,
      nextCursor: nextPlace ? encodeCursor(nextPlace, scope) : null,
    };
  }
}
