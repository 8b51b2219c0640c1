import { listAuditEntries } from '@keytrail/read-models';
import type { AuditQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { encodeCursor } from '../../http/cursor.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { toEntry } from './audit.dto.js';
import type { AuditPage } from './audit.dto.js';

export class ReadAudit extends Query<AuditPage> {
  constructor(readonly query: AuditQuery) {
    super();
  }
}

@QueryHandler(ReadAudit)
export class ReadAuditHandler implements IQueryHandler<ReadAudit> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query }: ReadAudit): Promise<AuditPage> {
    const view = await this.reads.caughtUp('audit', 'keys', 'members');
    const { items, next } = await listAuditEntries(view, query);
    return { entries: items.map(toEntry), nextCursor: next === null ? null : encodeCursor(next) };
  }
}
