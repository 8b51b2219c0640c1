import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { keyStream } from '@keytrail/domain';
import type { KeytrailEvent, StreamName } from '@keytrail/domain';
import { type Actor, EventLog, type NewEvent } from '@keytrail/event-store';
import { type Plan, plans } from './plans.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const APPENDED_AT_ONCE = 200;
const GIVE_UP_AFTER_MS = 10_000;
const USAGE_STREAM = 'keyUsage-2026-01-01.screenshots';

export interface Owner {
  readonly accountId: string;
  readonly actor: Actor;
}

interface Entry {
  readonly stream: StreamName;
  readonly event: NewEvent;
}

/** Writes the keys and their past uses into the log, in the order of their times. */
export async function seed(eventStoreUrl: string, owner: Owner): Promise<void> {
  const random = generator(7);
  const entries = plans
    .flatMap((plan) => historyOf(plan, owner, random))
    .sort(({ event: one }, { event: other }) =>
      one.context.occurredAt.localeCompare(other.context.occurredAt),
    );
  const log = new EventLog(eventStoreUrl);
  const lengths = new Map<string, number>();
  const append = async (stream: StreamName, events: readonly NewEvent[]): Promise<void> => {
    const length = lengths.get(stream) ?? 0;
    const expected = length === 0 ? 'no_stream' : BigInt(length - 1);
    await log.append(stream, events, expected, { giveUpAfterMs: GIVE_UP_AFTER_MS });
    lengths.set(stream, length + events.length);
  };
  try {
    for (const { stream, events } of runs(entries)) await append(stream, events);
  } finally {
    await log.close();
  }
}

/** Neighbours in one stream, together. */
function runs(entries: readonly Entry[]): { stream: StreamName; events: NewEvent[] }[] {
  const found: { stream: StreamName; events: NewEvent[] }[] = [];
  for (const { stream, event } of entries) {
    const last = found.at(-1);
    if (last?.stream === stream && last.events.length < APPENDED_AT_ONCE) last.events.push(event);
    else found.push({ stream, events: [event] });
  }
  return found;
}

function historyOf(plan: Plan, owner: Owner, random: () => number): Entry[] {
  const { accountId, actor } = owner;
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const bytes = randomBytes(32).toString('hex');
  const keyId = `key_${bytes.slice(0, 22)}`;
  const keyPrefix = `axk_${bytes.slice(22, 26)}`;
  const secretHash = createHash('sha256').update(bytes).digest('hex');
  const stream = keyStream(keyId);
  const byOwner = (event: KeytrailEvent, at: number): Entry => ({
    stream,
    event: entry(event, { actor, ip: '192.0.2.10', userAgent: 'Mozilla/5.0', at }),
  });
  const history = [
    byOwner(
      { type: 'KeyCreated', data: { keyId, accountId, name: plan.name, keyPrefix, secretHash } },
      today - plan.age * DAY_MS,
    ),
  ];
  for (let daysAgo = plan.age - 1; daysAgo >= plan.idleDays; daysAgo -= 1) {
    for (const at of timesOf(plan, today - daysAgo * DAY_MS, random)) {
      const [method, path] = plan.requests[Math.floor(random() * plan.requests.length)] ?? [
        'GET',
        '/',
      ];
      const key: Actor = { type: 'apiKey', id: keyId, label: keyPrefix };
      const origin = { actor: key, ip: `192.0.2.${plan.age}`, userAgent: plan.userAgent, at };
      const used = { type: 'KeyUsed', data: { keyId, accountId, method, path } } as const;
      history.push({ stream: USAGE_STREAM, event: entry(used, origin) });
    }
  }
  if (plan.revokedBecause !== undefined) {
    const data = { keyId, accountId, reason: plan.revokedBecause };
    history.push(byOwner({ type: 'KeyRevoked', data }, today - (plan.idleDays - 1) * DAY_MS));
  }
  return history;
}

/** When a key was used on a day: in the busy hours, less at weekends, and never later than now. */
function timesOf(plan: Plan, day: number, random: () => number): number[] {
  const share = [0, 6].includes(new Date(day).getUTCDay()) ? 0.35 : 1;
  const count = Math.round(plan.daily * share * (0.75 + random() * 0.5));
  const now = Date.now();
  return Array.from({ length: count }, () => day + (7 + random() * 12) * HOUR_MS)
    .map((at) => (at < now ? at : day + random() * (now - day)))
    .sort((one, other) => one - other);
}

interface Origin {
  readonly actor: Actor;
  readonly ip: string;
  readonly userAgent: string;
  readonly at: number;
}

const entry = (event: KeytrailEvent, { at, ...origin }: Origin): NewEvent => ({
  id: randomUUID(),
  event,
  context: {
    ...origin,
    requestId: randomUUID(),
    causationId: randomUUID(),
    occurredAt: new Date(at).toISOString(),
  },
});

/** A small generator of numbers from 0 to 1 with a seed (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
