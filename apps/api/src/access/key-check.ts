import type { Credential } from '@keytrail/read-models';
import type { Appended, LogPosition } from '@keytrail/event-store';
import { uniqueId, withDeadline } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Metrics } from '../health/metrics.js';
import { unavailable } from '../http/problem.js';
import type { Problem } from '../http/problem.js';
import { eventContext, recordedPath } from '../http/request-context.js';
import { codeOf } from '../http/to-problem.js';
import type { KeyIdentity } from './identity.js';
import { KeyVerifier } from './key-verifier.js';
import { RefusalRecorder } from './refusal-recorder.js';
import { UsageRecorder } from './usage-recorder.js';
import type { RecordedUse } from './usage-recorder.js';

/** A guarded request is let through or refused within this time. */
const DEADLINE_MS = 1_800;

export type KeyFault = 'unknown_key' | 'revoked_key' | 'wrong_account';

export type KeyCheckResult =
  | {
      readonly ok: true;
      readonly identity: KeyIdentity;
      /** Whoever has read the log up to here has read of this use. */
      readonly position: LogPosition;
    }
  | { readonly ok: false; readonly code: KeyFault };

/** A request that was made with a key: this one, or one that another service asks about. */
export interface KeyedRequest {
  readonly method: string;
  /** Without its query string. */
  readonly path: string;
  readonly ip: string | null;
  readonly userAgent: string | undefined;
}

export interface KeyCheckOptions {
  /** Accounts that the request names; the key must be of each of them. */
  readonly named?: readonly string[];
  /** For whoever may only know of the keys of one account: the others do not exist. */
  readonly within?: string;
}

/** Checks a key and records its use; only then is the answer a yes. */
@Injectable()
export class KeyCheck {
  constructor(
    private readonly verifier: KeyVerifier,
    private readonly usage: UsageRecorder,
    private readonly refusals: RefusalRecorder,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param key a well-formed one
   * @param request by which the check was asked for; it gives the record its request id
   * @throws Problem 503 or QueueFullError when the use could not be recorded
   */
  async check(
    key: string,
    use: KeyedRequest,
    request: FastifyRequest,
    options: KeyCheckOptions = {},
  ): Promise<KeyCheckResult> {
    const checking = this.verifyAndRecord(key, use, request, options);
    const result = await withDeadline(checking, DEADLINE_MS, notRecorded);
    if (result.ok) this.metrics.accepted.inc();
    else this.metrics.refused.inc({ code: result.code });
    return result;
  }

  private async verifyAndRecord(
    key: string,
    use: KeyedRequest,
    request: FastifyRequest,
    { named = [], within }: KeyCheckOptions,
  ): Promise<KeyCheckResult> {
    const credential = await this.verifier.find(key);
    if (!credential) return refused('unknown_key');
    const identity = identityOf(credential);
    const { keyId, accountId } = identity;
    if (within !== undefined && within !== accountId) return refused('unknown_key');
    const actor = { type: 'apiKey', id: keyId, label: identity.keyPrefix } as const;
    const context = eventContext(request, actor, uniqueId(), use);
    const { method } = use;
    const path = recordedPath(use.path);
    if (credential.status === 'Revoked') {
      this.refusals.note({ keyId, accountId, reason: 'revoked_key', method, path }, context);
      return refused('revoked_key');
    }
    if (named.some((account) => account !== accountId)) return refused('wrong_account');
    const { position } = await this.record({ identity, method, path, context });
    return { ok: true, identity, position };
  }

  private async record(use: RecordedUse): Promise<Appended> {
    try {
      return await this.usage.record(use);
    } catch (error) {
      throw codeOf(error) === 'event_log_unavailable' ? notRecorded({ cause: error }) : error;
    }
  }
}

const refused = (code: KeyFault): KeyCheckResult => ({ ok: false, code });

/** The use may still be in the log later; what is certain is that nobody was let in. */
const notRecorded = (options?: ErrorOptions): Problem =>
  unavailable(
    'event_log_unavailable',
    'The use of the key could not be recorded in time, so the request was not let through. Try again shortly.',
    options,
  );

const identityOf = ({ keyId, accountId, name, keyPrefix }: Credential): KeyIdentity => ({
  kind: 'key',
  keyId,
  accountId,
  name,
  keyPrefix,
});
