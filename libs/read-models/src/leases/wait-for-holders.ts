import type { EventLog } from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { LEASE_MS } from './lease.js';
import type { LeaseDocument, LeaseRegister } from './lease-register.js';

interface Parts {
  readonly register: LeaseRegister;
  readonly log: Pick<EventLog, 'open'>;
}

interface Wait {
  /** Of the revocation, as `formatPosition` writes it. */
  readonly position: string;
  /** The lease of whoever waits, which has let go already. */
  readonly besides: string | undefined;
}

/** An event reaches everybody in less, unless a process or its connection stands still. */
const PATIENCE_MS = 300;
/** By how much the clocks of two machines may differ in the length of a lease. */
const MARGIN_MS = 200;
const POLL_MS = { first: 1, most: 20, growth: 1.5 };

/**
 * Resolves when no other process answers from memory for what was revoked up to a position. Call it when the
 * revocation is in the documents: who registers later loads them from there. A holder that does not say in time
 * that it has let go is not renewed any more, and its lease is waited for.
 */
export async function waitForHolders(
  { register, log }: Parts,
  { position, besides }: Wait,
): Promise<void> {
  const asked = (await register.all()).filter(({ _id }) => _id !== besides);
  if (asked.length === 0) return;
  const { logId } = await log.open();
  const isBehind = (lease: LeaseDocument): boolean =>
    lease.logId !== logId || lease.appliedUpTo < position;
  const stillHolding = async (): Promise<readonly string[]> => {
    const now = new Map((await register.all()).map((lease) => [lease._id, lease]));
    return asked.flatMap(({ _id }) => {
      const lease = now.get(_id);
      return lease && isBehind(lease) ? [_id] : [];
    });
  };
  if (!asked.some(isBehind)) return;
  const late = await pollFor(PATIENCE_MS, stillHolding);
  if (late.length === 0) return;
  await register.fence(late);
  await register.remove(await pollFor(LEASE_MS + MARGIN_MS, stillHolding));
}

/** Asks again until nothing is left, or for so long. @returns what is left */
async function pollFor(
  durationMs: number,
  left: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const startedAt = performance.now();
  for (let restMs = POLL_MS.first; ; restMs = Math.min(restMs * POLL_MS.growth, POLL_MS.most)) {
    await pause(restMs);
    const isOver = performance.now() - startedAt >= durationMs;
    const still = await left();
    if (still.length === 0 || isOver) return still;
  }
}
