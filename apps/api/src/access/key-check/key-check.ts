import type { Appended, LogPosition } from '@keytrail/event-store';
import { hashKey } from '@keytrail/domain';
import { FairTurns, withDeadline } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import { limits } from '../../http/limits.js';
import { Metrics } from '../../http/metrics.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { unavailable } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { codeOf } from '../../http/to-problem.js';
import { CredentialLookUp } from './credential-look-up.js';
import { decideOnKey } from './decide-on-key.js';
import type { AccountTerms, KeyVerdict, KeyPorts } from './decide-on-key.js';
import { RefusalRecorder } from './refusal-recorder.js';
import { timeBudget } from '../../http/time-budget.js';
import { UsageRecorder } from './usage-recorder.js';

/** Decides on a key by the stores, within the time that there is, and counts the outcome. */
@Injectable()
export class KeyCheck {
  private readonly ports: KeyPorts;
  private readonly turns = new FairTurns({ ...limits.guarded, waitMs: timeBudget.guardedMs });

  constructor(
    private readonly lookUp: CredentialLookUp,
    usage: UsageRecorder,
    refusals: RefusalRecorder,
    private readonly metrics: Metrics,
  ) {
    this.ports = {
      lookUp,
      record: {
        use: (identity, caller) => positionOf(usage.record(identity, caller)),
        refusal: (identity, caller, reason) => {
          refusals.note(identity, caller, reason);
        },
      },
    };
  }

  /**
   * @param key a well-formed one
   * @param caller who made the request that is decided on
   * @throws Problem 503 or QueueFullError when the use could not be recorded; ShareFullError when
   *   too many of the account wait
   */
  async check(key: string, caller: CallerRecord, terms?: AccountTerms): Promise<KeyVerdict> {
    const hash = hashKey(key);
    const group = this.lookUp.groupOf(hash, caller.ip);
    const deciding = this.turns.take(group, () => decideOnKey(this.ports, hash, caller, terms));
    const decision = await withDeadline(deciding, timeBudget.guardedMs, notRecorded);
    if (decision.ok) this.metrics.accepted.inc();
    else this.metrics.refused.inc({ code: decision.code });
    return decision;
  }
}

async function positionOf(recording: Promise<Appended>): Promise<LogPosition> {
  try {
    return (await recording).position;
  } catch (error) {
    throw codeOf(error) === 'event_log_unavailable' ? notRecorded({ cause: error }) : error;
  }
}

/** The use may still be in the log later; what is certain is that nobody was let in. */
const notRecorded = (options?: ErrorOptions): Problem =>
  unavailable(
    'event_log_unavailable',
    'The use of the key could not be recorded in time, so the request was not let through. Try again shortly.',
    options,
  );
