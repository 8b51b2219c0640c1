import { Controller, Get, Inject, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { EventLog, formatPosition } from '@keytrail/event-store';
import { Gatherer, messageOf, withDeadline } from '@keytrail/platform';
import { countUnapplied } from '@keytrail/projections';
import type { ReadModels } from '@keytrail/read-models';
import type { FastifyReply } from 'fastify';
import { Access } from '../../access/permission/access.decorator.js';
import { READ_MODELS } from '../../stores/tokens.js';
import { codeOf } from '../../http/to-problem.js';
import { limits } from '../../http/limits.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import { LogHead } from '../../stores/log-head.js';
import { LiveAnswer, ReadyAnswer } from './health.dto.js';
import type { Check } from './health.dto.js';
import { ProjectorWatch, STALLED_AFTER_MS } from './projector-watch.js';

const DEADLINE_MS = 1_000;

const MISMATCH =
  'The event log is not the one that the read models were made from: it is another one, or an older copy. ' +
  'Check EVENTSTOREDB_URL; if the log was restored, run `npm run rebuild -- all`.';

@ApiTags('Operation')
@Controller('healthz')
export class HealthController {
  private readonly watch = new ProjectorWatch();
  /** All who ask at the same time are told the same: asking often costs the stores no more. */
  private readonly looks = new Gatherer<null, ReadyAnswer>(async (asked) => {
    const answer = await this.look();
    return asked.map(() => answer);
  }, limits.probes);

  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly head: LogHead,
    private readonly reads: ConsistentReads,
  ) {}

  @Get('live')
  @Access('public')
  @ApiOperation({ operationId: 'live', summary: 'Whether the process is up; asks no store' })
  @ApiOkResponse({ type: LiveAnswer })
  live(): LiveAnswer {
    return { status: 'live' };
  }

  @Get('ready')
  @Access('public')
  @ApiOperation({
    operationId: 'ready',
    summary: 'Whether the log and the read models answer, and whether the lists have caught up',
  })
  @ApiOkResponse({ type: ReadyAnswer })
  @ApiServiceUnavailableResponse({ type: ReadyAnswer })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
    const answer = await this.looks.add(null);
    void reply.status(answer.status === 'ready' ? 200 : 503);
    return answer;
  }

  private async look(): Promise<ReadyAnswer> {
    const [writable, known, readModels, projector, stalled, unapplied] = await Promise.all([
      check(this.log.proveWritable(), 'The event log does not record'),
      check(this.head.read(), 'The event log cannot be read'),
      check(this.models.db.command({ ping: 1 }), 'The read models do not answer'),
      check(
        this.reads.caughtUp('keys', 'audit'),
        'The lists have not caught up with the event log',
      ),
      this.stalled().catch(() => null),
      within(countUnapplied(this.models)).catch(() => null),
    ]);
    const eventLog = worst(writable, known);
    const ready = eventLog === 'up' && readModels.state === 'up' && stalled === null;
    // A fault of the log also keeps the lists behind, so the first reason says it all.
    const log = [writable, known, projector].find(({ reason }) => reason);
    return {
      status: ready ? 'ready' : 'unavailable',
      eventLog,
      readModels: readModels.state,
      projector: projector.state,
      unappliedEvents: unapplied,
      reasons: [
        ...[log, readModels].flatMap((checked) => checked?.reason ?? []),
        ...(stalled === null ? [] : [stalled]),
        ...(unapplied ? [unappliedReason(unapplied)] : []),
      ],
    };
  }

  /** What to say of a projector that does not go on; `null` of one that does. */
  private async stalled(): Promise<string | null> {
    const [view, { last }] = await within(
      Promise.all([this.models.views.current(), this.head.read()]),
    );
    const head = last ? formatPosition(last.position) : '';
    const stoodStillMs = this.watch.stoodStillMs(view, head);
    return stoodStillMs < STALLED_AFTER_MS ? null : stalledReason(stoodStillMs);
  }
}

const stalledReason = (stoodStillMs: number): string =>
  `projector_stalled: the lists have stood still for ${Math.round(stoodStillMs / 1_000)} s while the event log ` +
  'has more. Look whether the projector runs, and at its log.';

const unappliedReason = (count: number): string =>
  `${count} ${count === 1 ? 'event is' : 'events are'} missing from the lists, as they could not be applied; ` +
  'see "An event was set aside" in docs/runbook.md.';

const within = <Value>(work: Promise<Value>): Promise<Value> =>
  withDeadline(work, DEADLINE_MS, () => new Error('no answer in time'));

interface Checked {
  readonly state: Check;
  readonly reason?: string;
}

async function check(work: Promise<unknown>, fault: string): Promise<Checked> {
  try {
    await within(work);
    return { state: 'up' };
  } catch (error) {
    // Each check of the log meets a mismatch; the reason is the same for all and says what to do.
    const isMismatch = codeOf(error) === 'event_log_mismatch';
    return { state: 'down', reason: isMismatch ? MISMATCH : `${fault}: ${messageOf(error)}` };
  }
}

const worst = (...checked: readonly Checked[]): Check =>
  checked.some(({ state }) => state === 'down') ? 'down' : 'up';
