import type { Credential } from '@keytrail/read-models';
import { uniqueId, withDeadline } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiSettings } from '../api-settings.js';
import { Metrics } from '../health/metrics.js';
import { unavailable } from '../http/problem.js';
import { eventContext, pathOf, recordedPath } from '../http/request-context.js';
import { parseAuthorization } from './authorization-header.js';
import type { KeyIdentity } from './identity.js';
import { KeyVerifier } from './key-verifier.js';
import { RefusalRecorder } from './refusal-recorder.js';
import { unauthorized } from './unauthorized.js';
import type { UnauthorizedCode } from './unauthorized.js';
import { UsageRecorder } from './usage-recorder.js';

/** A guarded request is let through or refused within this time. */
const DEADLINE_MS = 1_800;

/** Authenticates a bearer key and records its use; only then does the request go on. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly settings: ApiSettings,
    private readonly verifier: KeyVerifier,
    private readonly usage: UsageRecorder,
    private readonly refusals: RefusalRecorder,
    private readonly metrics: Metrics,
  ) {}

  /** @throws Problem 401 with one of the codes of RFC 6750's challenge; 503 when it cannot record */
  async authenticate(request: FastifyRequest, authorization: string): Promise<KeyIdentity> {
    const parsed = parseAuthorization(authorization, this.settings.KEY_PREFIX);
    if (!parsed.ok) throw this.refuse(parsed.code);
    return withDeadline(this.verifyAndRecord(request, parsed.key), DEADLINE_MS, () =>
      unavailable(
        'event_log_unavailable',
        'The use of the key could not be recorded in time; nothing was done.',
      ),
    );
  }

  private async verifyAndRecord(request: FastifyRequest, key: string): Promise<KeyIdentity> {
    const credential = await this.verifier.find(key);
    if (!credential) throw this.refuse('unknown_key');
    const identity = identityOf(credential);
    const actor = { type: 'apiKey', id: identity.keyId, label: identity.keyPrefix } as const;
    const context = eventContext(request, actor, uniqueId());
    const { keyId, accountId } = identity;
    const { method } = request;
    const path = recordedPath(pathOf(request));
    if (credential.status === 'Revoked') {
      this.refusals.note({ keyId, accountId, reason: 'revoked_key', method, path }, context);
      throw this.refuse('revoked_key');
    }
    const named = request.headers['keytrail-account'];
    if (named !== undefined && named !== accountId) throw this.refuse('wrong_account');
    await this.usage.record({ identity, method, path, context });
    this.metrics.accepted.inc();
    return identity;
  }

  private refuse(code: UnauthorizedCode): Error {
    this.metrics.refused.inc({ code });
    return unauthorized(code);
  }
}

const identityOf = ({ keyId, accountId, name, keyPrefix }: Credential): KeyIdentity => ({
  kind: 'key',
  keyId,
  accountId,
  name,
  keyPrefix,
});
