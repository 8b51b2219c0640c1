import { Readable } from 'node:stream';
import { streamAuditEntries } from '@keytrail/read-models';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerCheck } from '../../access/guard/caller-check.js';
import { PastedKeys } from '../../access/key-check/pasted-keys.js';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import { actorOf } from '../../access/permission/identity.js';
import type { Identity } from '../../access/permission/identity.js';
import { commandContext } from '../../http/request-context.js';
import { AuditFilters, toFilter } from '../read-audit/audit.dto.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { ExportRecorder } from './export-recorder.js';
import { exportFormats } from './export-formats.js';

const formats = ['csv', 'jsonl'] as const;

class ExportQuery extends AuditFilters {
  @ApiProperty({ enum: formats })
  @IsIn(formats, { message: 'must be csv or jsonl' })
  format!: (typeof formats)[number];
}

@ApiTags('Audit trail')
@Controller('v1/audit/export')
export class ExportAuditController {
  constructor(
    private readonly callers: CallerCheck,
    private readonly reads: ConsistentReads,
    private readonly recorder: ExportRecorder,
    private readonly pasted: PastedKeys,
  ) {}

  @Get()
  @Access('read', 'exports')
  @ApiOperation({
    operationId: 'exportAudit',
    summary: 'The whole audit trail as a file, however long',
    description:
      'Up to the newest entry at the time of the call. The export is itself recorded. It breaks off when the caller loses the right to read.',
  })
  @ApiOkResponse({ content: { 'text/csv': {}, 'application/jsonl': {} } })
  async export(
    @Query() { format, order, ...filters }: ExportQuery,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { contentType, serialize } = exportFormats[format];
    const name = fileName(caller.accountId, filters);
    const disposition = `attachment; filename="${name}.${format}"`;
    const send = async (file: Readable): Promise<void> => {
      await reply.type(contentType).header('content-disposition', disposition).send(file);
    };
    // A HEAD takes nothing away, so there is no export to record.
    if (request.method === 'HEAD') return send(Readable.from([]));
    const filter = await toFilter(caller.accountId, filters, this.pasted);
    // Made before the record of the export, so that two exports of one range are the same.
    const first = await this.reads.caughtUp('audit', 'keys', 'members');
    await this.recorder.record(filter, format, commandContext(request, actorOf(caller)));
    let pages = 0;
    const view = async (): Promise<typeof first> => {
      pages += 1;
      if (pages === 1) return first;
      const refusal = await this.callers.refusal(request, caller);
      if (refusal) throw refusal;
      return this.reads.now();
    };
    await send(serialize(streamAuditEntries(view, { ...filter, order })));
  }
}

/** Tells exports apart: whose it is, and the time that it was narrowed down to. */
function fileName(accountId: string, { from, to }: Pick<AuditFilters, 'from' | 'to'>): string {
  const compact = (time: Date): string => time.toISOString().replace(/[-:]|[.]\d+/g, '');
  const range = [from && `from-${compact(from)}`, to && `to-${compact(to)}`];
  return ['audit-trail', accountId, ...range].filter((part) => part !== undefined).join('_');
}
