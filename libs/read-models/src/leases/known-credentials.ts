import type { KeyRevoked } from '@keytrail/domain';
import {
  type EventLog,
  followStreams,
  formatPosition,
  type Progress,
  type RecordedEvent,
} from '@keytrail/event-store';
import { uniqueId } from '@keytrail/platform';
import { entryOf, progressOf } from '@keytrail/projections';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadModels } from '../common/keytrail-model.js';
import type { Credential } from '../credentials/credentials.queries.js';
import { type Clock, machineClock } from './instant.js';
import { Lease } from './lease.js';
import { LeaseRegister } from './lease-register.js';
import { waitForHolders } from './wait-for-holders.js';

interface Dependencies {
  readonly log: EventLog;
  readonly models: ReadModels;
  /** Why a lease ended that should not have. */
  readonly onFailure: (error: unknown) => void;
  readonly clock?: Clock;
}

const RENEW_EVERY_MS = 500;
/** A process that asks for nothing so long lets its lease go, and writes nothing any more. */
const IDLE_MS = 10_000;
const AFTER_A_FAILURE_MS = 1_000;
const CLOSE_MS = 1_000;

/**
 * The credentials that this process knows by heart, so that a key that is used again need not be looked
 * up. It answers from them only under a lease that the others can see, and whoever revokes a key waits until
 * every lease has let go of it, or has run out. No clock of one machine is compared with another's.
 */
export class KnownCredentials {
  private readonly register: LeaseRegister;
  private readonly clock: Clock;
  private readonly stopping = new AbortController();
  private lease: Lease | undefined;
  private doubts = 0;
  private holding: Promise<void> | undefined;
  /** How often credentials were asked for. */
  private asked = 0;

  constructor(private readonly parts: Dependencies) {
    this.register = new LeaseRegister(parts.models);
    this.clock = parts.clock ?? machineClock;
  }

  /** The credential as it is now; nothing when it has to be looked up. @param hash of the whole key */
  get(hash: string): Credential | undefined {
    this.asked += 1;
    const { lease } = this;
    if (!lease || this.doubts !== this.parts.models.views.doubts) return undefined;
    return lease.get(hash);
  }

  /** Call it before credentials are looked up. @returns keeps those that were found, when it may */
  loading(): (found: ReadonlyMap<string, Credential>) => void {
    if (!this.stopping.signal.aborted) this.holding ??= this.hold();
    const { lease } = this;
    return lease ? lease.loading() : () => undefined;
  }

  /**
   * Resolves when no process answers from memory any more for a key that was revoked in one of these events.
   * Usually that takes as long as an event needs to reach everybody, at worst two and a half seconds.
   */
  async forgetRevoked(events: readonly RecordedEvent[]): Promise<void> {
    const revocation = events.findLast(isRevocation);
    if (!revocation) return;
    const position = formatPosition(revocation.position);
    const { lease } = this;
    lease?.revoke(revocation.data.keyId, position);
    const { register } = this;
    await waitForHolders({ register, log: this.parts.log }, { position, besides: lease?.id });
  }

  /** Lets the lease go. Where the database is silent the others are left to find that it has run out. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.holding, pause(CLOSE_MS, undefined, { ref: false })]);
  }

  /** Holds one lease for as long as it is used and nothing goes wrong. */
  private async hold(): Promise<void> {
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
    };
    this.stopping.signal.addEventListener('abort', end, { once: true });
    try {
      await this.holdUntil(ending);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.parts.onFailure(error);
      await rest(AFTER_A_FAILURE_MS, this.stopping.signal);
    } finally {
      this.stopping.signal.removeEventListener('abort', end);
      this.holding = undefined;
    }
  }

  private async holdUntil(ending: AbortController): Promise<void> {
    const { log, models } = this.parts;
    const { doubts } = models.views;
    const { entries } = await models.views.current();
    // What is loaded from now on holds every event up to here; those after it come over the subscription.
    const from = progressOf(entryOf(entries, 'credentials'));
    const { logId } = await log.open();
    await log.verify(from);
    const lease = new Lease(uniqueId(), this.clock(), this.clock);
    const ends = (): void => {
      lease.end();
      ending.abort();
    };
    try {
      const appliedUpTo = from.last ? formatPosition(from.last.position) : '';
      await this.register.add({ _id: lease.id, logId, appliedUpTo });
      this.doubts = doubts;
      this.lease = lease;
      const working = [this.follow(lease, from, ending.signal), this.renew(lease, ending.signal)];
      await Promise.all(working.map((work) => work.finally(ends)));
    } finally {
      ends();
      this.lease = undefined;
      // Nothing is known by heart any more, so nobody need wait for it.
      await this.register.remove([lease.id]).catch(() => undefined);
    }
  }

  private async follow(lease: Lease, from: Progress, signal: AbortSignal): Promise<void> {
    for await (const events of followStreams(this.parts.log, 'apiKey', { from, signal })) {
      const revocations = events.filter(isRevocation);
      for (const { data, position } of revocations)
        lease.revoke(data.keyId, formatPosition(position));
      const last = revocations.at(-1);
      // Only what has been let go of is told.
      if (last) await this.register.applied(lease.id, formatPosition(last.position));
    }
  }

  private async renew(lease: Lease, signal: AbortSignal): Promise<void> {
    const { views } = this.parts.models;
    for (let idleMs = 0; idleMs < IDLE_MS; idleMs += RENEW_EVERY_MS) {
      const { asked } = this;
      await rest(RENEW_EVERY_MS, signal);
      // The database may have been put back: what is known by heart is not what is in it.
      if (signal.aborted || views.doubts !== this.doubts) return;
      const sentAt = this.clock();
      const goesOn = await this.register.renew(lease.id);
      if (!goesOn || !lease.renew(sentAt)) throw new Error('The lease on credentials has run out');
      lease.documentsReach((await views.current()).position('credentials'));
      if (this.asked !== asked) idleMs = 0;
    }
  }
}

type Revocation = RecordedEvent<KeyRevoked>;

const isRevocation = (event: RecordedEvent): event is Revocation => event.type === 'KeyRevoked';

/** Resolves after a while, or at once when the signal is aborted. */
const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
