import { keyStream } from '@keytrail/domain';
import type { KeyCreated, StreamName } from '@keytrail/domain';
import { EventLog, formatPosition } from '@keytrail/event-store';
import type { Actor, NewEvent } from '@keytrail/event-store';
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const APPENDED_AT_ONCE = 512;
const GIVE_UP_AFTER_MS = 60_000;

export interface Owner {
  readonly accountId: string;
  readonly actor: Actor;
}

export interface Seeded {
  readonly seconds: number;
  readonly accountId: string;
  /** Where in the log that share of the keys has been created, such as 0.9 for the ninth of ten. */
  readonly positionAt: (share: number) => string;
}

/** Writes keys into the log as the api does: each in a stream of its own, over the official client. */
export async function seedKeys(
  eventStoreUrl: string,
  owner: Owner,
  count: number,
  signal: AbortSignal,
): Promise<Seeded> {
  const log = new EventLog(eventStoreUrl);
  const commits = new BigUint64Array(count);
  const startedAt = performance.now();
  let next = 0;
  const append = async (): Promise<void> => {
    while (next < count && !signal.aborted) {
      const index = next;
      next += 1;
      const { stream, event } = keyCreated(owner, index);
      const options = { giveUpAfterMs: GIVE_UP_AFTER_MS };
      const { position } = await log.append(stream, [event], 'no_stream', options);
      commits[index] = position.commit;
    }
  };
  try {
    await Promise.all(Array.from({ length: APPENDED_AT_ONCE }, append));
  } finally {
    await log.close();
  }
  signal.throwIfAborted();
  commits.sort();
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    accountId: owner.accountId,
    positionAt: (share) => {
      const commit = commits[Math.floor(count * share)] ?? 0n;
      return formatPosition({ commit, prepare: commit });
    },
  };
}

function keyCreated(
  { accountId, actor }: Owner,
  index: number,
): { readonly stream: StreamName<'apiKey'>; readonly event: NewEvent<KeyCreated> } {
  const random = randomBytes(13).toString('hex');
  const keyId = `key_${random.slice(0, 22)}`;
  const data = {
    ...{ keyId, accountId, name: `Service ${index}`, keyPrefix: `axk_${random.slice(22)}` },
    secretHash: createHash('sha256').update(random).digest('hex'),
  };
  const context = {
    ...{ actor, requestId: randomUUID(), causationId: randomUUID() },
    ...{ ip: '192.0.2.10', userAgent: 'Mozilla/5.0', occurredAt: new Date().toISOString() },
  };
  const event = { id: randomUUID(), event: { type: 'KeyCreated' as const, data }, context };
  return { stream: keyStream(keyId), event };
}
