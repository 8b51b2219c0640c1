import { EventLog, ProcessStream } from '@keytrail/event-store';
import type { EventContext } from '@keytrail/event-store';
import type { KeyRefused } from '@keytrail/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { isoNow } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { eventContext } from '../../http/caller-record.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { actorOf } from '../permission/identity.js';
import type { KeyIdentity } from '../permission/identity.js';
import { LOGGER, PROCESS_ID } from '../../stores/tokens.js';
import { timeBudget } from '../../http/time-budget.js';

const WINDOW_MS = 1_000;

type Refusal = Omit<KeyRefused['data'], 'count'>;

interface Window {
  attempts: number;
  latest: { readonly refusal: Refusal; readonly context: EventContext };
}

/**
 * Records attempts with revoked keys: the first at once, those of the following second folded into
 * one event with their number, so that an attacker cannot flood the log.
 */
@Injectable()
export class RefusalRecorder implements OnModuleDestroy {
  private readonly stream: ProcessStream<'keyRefusal'>;
  private readonly windows = new Map<string, Window>();

  constructor(
    log: EventLog,
    @Inject(PROCESS_ID) processId: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const bounds = { deadlineMs: timeBudget.refusalMs, maxBatch: 250, maxWaiting: 10_000 };
    this.stream = new ProcessStream(log, { family: 'keyRefusal', processId, ...bounds });
  }

  /** Counts one attempt. The caller is refused in any case and does not wait for the record. */
  note(identity: KeyIdentity, caller: CallerRecord): void {
    const { keyId, accountId } = identity;
    const { method, path } = caller;
    const refusal = { keyId, accountId, reason: 'revoked_key', method, path } as const;
    const context = eventContext(caller, actorOf(identity));
    const open = this.windows.get(refusal.keyId);
    const latest = { refusal, context };
    if (open) {
      open.attempts += 1;
      open.latest = latest;
      return;
    }
    void this.append(refusal, context, 1);
    this.openWindow(latest);
  }

  /** Writes down what the open windows still hold, for a clean stop. */
  async onModuleDestroy(): Promise<void> {
    const open = [...this.windows.values()].filter(({ attempts }) => attempts > 0);
    this.windows.clear();
    await Promise.all(
      open.map(({ attempts, latest }) => this.append(latest.refusal, latest.context, attempts)),
    );
  }

  private openWindow(latest: Window['latest']): void {
    const window: Window = { attempts: 0, latest };
    this.windows.set(latest.refusal.keyId, window);
    setTimeout(() => {
      this.close(window);
    }, WINDOW_MS).unref();
  }

  private close(window: Window): void {
    const { attempts, latest } = window;
    if (this.windows.get(latest.refusal.keyId) !== window) return;
    this.windows.delete(latest.refusal.keyId);
    if (attempts === 0) return;
    void this.append(latest.refusal, { ...latest.context, occurredAt: isoNow() }, attempts);
    this.openWindow(latest);
  }

  /** Never rejects: the caller was refused in any case, and the operator is told. */
  private async append(refusal: Refusal, context: EventContext, count: number): Promise<void> {
    const event = { type: 'KeyRefused', data: { ...refusal, count } } as const;
    try {
      await this.stream.append({ event, context });
    } catch (err) {
      const { keyId } = refusal;
      this.logger.error({ err, keyId, count }, 'refusals could not be recorded');
    }
  }
}
