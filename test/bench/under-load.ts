import { setTimeout as pause } from 'node:timers/promises';
import { createKeys } from './contest.js';
import type { Contest } from './contest.js';
import { measure } from './measure.js';
import { percentile, rounded } from './percentile.js';
import type { Projection } from './projection.js';

const LAG_SAMPLE_EVERY_MS = 40;

export interface UnderLoad {
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly lagSamples: number;
  readonly revokeP50Ms: number;
  readonly revokeP99Ms: number;
  readonly revokes: number;
}

interface UnderLoadPlan {
  readonly underLoadMs: number;
  /** How many keys are revoked meanwhile, evenly over the time. */
  readonly revokes: number;
}

/** What it is like for others while the guard is busy: how far the read models lag, how long a revoke takes. */
export async function measureUnderLoad(
  contest: Contest,
  projection: Projection,
  { underLoadMs, revokes }: UnderLoadPlan,
): Promise<UnderLoad> {
  const victims = await createKeys(contest.client, contest.session, revokes);
  const over = AbortSignal.timeout(underLoadMs);
  const [, lags, acks] = await Promise.all([
    measure(contest.load, contest.guarded, underLoadMs),
    sampleLags(contest, projection, over),
    revokeAll(
      contest,
      victims.map(({ apiKeyId }) => apiKeyId),
      underLoadMs / revokes,
      over,
    ),
  ]);
  return {
    lagP50Ms: rounded(percentile(lags, 0.5)),
    lagP99Ms: rounded(percentile(lags, 0.99)),
    lagSamples: lags.length,
    revokeP50Ms: rounded(percentile(acks, 0.5)),
    revokeP99Ms: rounded(percentile(acks, 0.99)),
    revokes: acks.length,
  };
}

/** From a request's answer until its entry is in the audit trail. What the sampler itself needs counts too. */
async function sampleLags(
  { client, keys }: Contest,
  projection: Projection,
  over: AbortSignal,
): Promise<number[]> {
  const [key] = keys;
  const lags: number[] = [];
  while (key && !over.aborted) {
    const { status } = await client.use(key.apiKey);
    const answeredAt = performance.now();
    if (status !== 200) continue;
    await projection.caughtUp(['audit']);
    lags.push(performance.now() - answeredAt);
    await pause(LAG_SAMPLE_EVERY_MS);
  }
  return lags;
}

async function revokeAll(
  { client, session }: Contest,
  keyIds: readonly string[],
  everyMs: number,
  over: AbortSignal,
): Promise<number[]> {
  const acks: number[] = [];
  for (const keyId of keyIds) {
    if (over.aborted) break;
    const startedAt = performance.now();
    const { status } = await client.revoke(session, keyId);
    if (status !== 200) throw new Error(`a revoke under load answered ${status}`);
    acks.push(performance.now() - startedAt);
    await pause(Math.max(startedAt + everyMs - performance.now(), 0));
  }
  return acks;
}
