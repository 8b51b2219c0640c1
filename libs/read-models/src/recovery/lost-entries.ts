import type { AuditDocument } from '../audit/audit.projection.js';
import type { ReadModels } from '../common/keytrail-model.js';
import { neighbours } from '@keytrail/projections';

/**
 * The entries of the active audit trail that the log has lost, newest first: all behind the newest one
 * that is also in the trail made from the log.
 */
export async function* lostEntries({ registry }: ReadModels): AsyncGenerator<AuditDocument, void> {
  for await (const chunk of neighbours<AuditDocument>(registry, 'audit', 'descending')) {
    for (const { active, next } of chunk) {
      if (next?.eventId === active.eventId) return;
      yield active;
    }
  }
}
