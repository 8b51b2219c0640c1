import { ApiSettings } from '@keytrail/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Metrics } from '../../http/metrics.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { callerOf } from '../../http/request-context.js';
import { parseAuthorization } from './authorization-header.js';
import type { KeyIdentity } from '../permission/identity.js';
import { KeyCheck } from '../key-check/key-check.js';
import { unauthorized } from '../permission/unauthorized.js';

/** Authenticates a bearer key and records its use; only then does the request go on. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly settings: ApiSettings,
    private readonly keys: KeyCheck,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param caller who is recorded: of this request itself, or of the one that a proxy asks about
   * @param accounts that the key must be of, besides the one that the request names
   * @throws Problem 401 with one of the codes of RFC 6750's challenge; 503 when it cannot record
   */
  async authenticate(
    request: FastifyRequest,
    authorization: string,
    caller: CallerRecord = callerOf(request),
    accounts: readonly string[] = [],
  ): Promise<KeyIdentity> {
    const parsed = parseAuthorization(authorization, this.settings.KEY_PREFIX);
    if (!parsed.ok) {
      this.metrics.refused.inc({ code: parsed.code });
      throw unauthorized(parsed.code);
    }
    const named = [...accounts, ...[request.headers['keytrail-account'] ?? []].flat()];
    const result = await this.keys.check(parsed.key, caller, { named });
    if (!result.ok) throw unauthorized(result.code);
    return result.identity;
  }
}
