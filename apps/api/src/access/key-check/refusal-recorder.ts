import { EventLog, ProcessStream } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { KeyRefused } from '@keytrail/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { AttemptFolder, isoNow } from '@keytrail/platform';
import type { Folded, Logger } from '@keytrail/platform';
import { eventContext } from '../../http/caller-record.js';
import { limits } from '../../http/limits.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { actorOf } from '../permission/identity.js';
import type { RefusalReason } from './decide-on-key.js';
import type { KeyIdentity } from '../permission/identity.js';
import { LOGGER, PROCESS_ID } from '../../stores/tokens.js';
import { timeBudget } from '../../http/time-budget.js';

type Refusal = Omit<KeyRefused['data'], 'count'>;

interface Attempt {
  readonly refusal: Refusal;
  readonly context: EventContext;
}

/**
 * Records attempts with known keys that are refused: the first of a caller at once, those of the
 * following second folded into one event with their number, so that an attacker cannot flood the log.
 */
@Injectable()
export class RefusalRecorder implements OnModuleDestroy {
  private readonly stream: ProcessStream<'keyRefusal'>;
  private readonly folder = new AttemptFolder<Attempt>({ record: (folded) => this.append(folded) });

  constructor(
    log: EventLog,
    @Inject(PROCESS_ID) processId: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const bounds = { deadlineMs: timeBudget.refusalMs, ...limits.keyRefusals };
    this.stream = new ProcessStream(log, { family: 'keyRefusal', processId, ...bounds });
  }

  /** Counts one attempt. The caller is refused in any case and does not wait for the record. */
  note(identity: KeyIdentity, caller: CallerRecord, reason: RefusalReason): void {
    const { keyId, accountId } = identity;
    const { method, path, ip } = caller;
    const refusal = { keyId, accountId, reason, method, path };
    const context = eventContext(caller, actorOf(identity));
    this.folder.add(keyId, [reason, ip, pathPrefix(path)].join(' '), { refusal, context });
  }

  /** Writes down what is still held, for a clean stop. */
  async onModuleDestroy(): Promise<void> {
    await this.folder.end();
  }

  /** Never rejects: the caller was refused in any case, and the operator is told. */
  private async append({ attempt, count, isOfMany }: Folded<Attempt>): Promise<void> {
    const { refusal, context } = attempt;
    const data = { ...refusal, count, ...(isOfMany && { manyCallers: true as const }) };
    const occurredAt = count === 1 ? context.occurredAt : isoNow();
    const nobody = isOfMany ? { ip: null, userAgent: null } : {};
    try {
      await this.stream.append({
        event: { type: 'KeyRefused', data },
        context: { ...context, ...nobody, occurredAt },
      });
    } catch (err) {
      const { keyId } = refusal;
      this.logger.error({ err, keyId, count }, 'refusals could not be recorded');
    }
  }
}

/** By which paths of one caller are taken for alike: their first two parts. */
const pathPrefix = (path: string): string => path.split('/', 3).join('/');
