import type { AuditExported } from '@keytrail/domain';
import { EventLog, ProcessStream } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import { redact } from '@keytrail/platform';
import type { AuditFilter } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { limits } from '../../http/limits.js';
import { timeBudget } from '../../http/time-budget.js';
import { PROCESS_ID } from '../../stores/tokens.js';

/** Writes each export of the audit trail down: who took which part of it away. */
@Injectable()
export class ExportRecorder {
  private readonly stream: ProcessStream<'audit'>;

  constructor(log: EventLog, @Inject(PROCESS_ID) processId: string) {
    const bounds = { deadlineMs: timeBudget.recordedMs, ...limits.exportEvents };
    this.stream = new ProcessStream(log, { family: 'audit', processId, ...bounds });
  }

  /** @throws EventLogError when it cannot be recorded; nothing is exported then */
  async record(
    { accountId, ...filters }: AuditFilter,
    format: AuditExported['data']['format'],
    context: EventContext,
  ): Promise<void> {
    await this.stream.append({
      event: { type: 'AuditExported', data: { accountId, format, filters: toPlain(filters) } },
      context,
    });
  }
}

/** Dates as text, as everywhere in the log, and nothing that looks like a key. */
const toPlain = (filters: object): AuditExported['data']['filters'] =>
  JSON.parse(redact(JSON.stringify(filters))) as AuditExported['data']['filters'];
