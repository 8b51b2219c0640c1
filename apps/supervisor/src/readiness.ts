import { setTimeout as pause } from 'node:timers/promises';
import { Repeats } from '@keytrail/platform';

const POLL_MS = 250;
const ANSWER_MS = 5_000;
/** A start in which nothing is wrong passes in silence. */
const SILENT_MS = 4_000;
/** Causes that come and go are told once in this time. */
const INTERVAL_MS = 30_000;

export interface ReadinessOptions {
  /** Where the api listens, without a slash at its end. */
  readonly url: string;
  /** Told once for each change of what is waited for. */
  readonly tell: (reasons: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/**
 * Waits, for ever if need be, until the api says that it is ready.
 *
 * @returns false when it was called off
 */
export async function untilReady({ url, tell, signal }: ReadinessOptions): Promise<boolean> {
  const changes = new Changes((reasons) => {
    if (!signal.aborted) tell(reasons);
  });
  const since = performance.now();
  while (!signal.aborted) {
    const reasons = await whyNotReady(url);
    if (reasons.length === 0) break;
    if (performance.now() - since > SILENT_MS) changes.now(reasons);
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  changes.end();
  return !signal.aborted;
}

/** Tells what holds when it changes, and what comes and goes once in a while only. */
class Changes {
  private current = '';
  private told = '';
  private readonly repeats: Repeats<readonly string[]>;

  constructor(tell: ReadinessOptions['tell']) {
    this.repeats = new Repeats({
      intervalMs: INTERVAL_MS,
      tell: (reasons) => {
        const text = reasons.join('\n');
        if (text !== this.current || text === this.told) return;
        this.told = text;
        tell(reasons);
      },
    });
  }

  now(reasons: readonly string[]): void {
    const text = reasons.join('\n');
    if (text === this.current) return;
    this.current = text;
    this.repeats.add(text, reasons);
  }

  end(): void {
    this.current = '';
  }
}

/** Sentences, none when it is ready. */
async function whyNotReady(url: string): Promise<readonly string[]> {
  try {
    const answer = await fetch(`${url}/healthz/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? [] : reasonsIn(await answer.json());
  } catch {
    return ['The api does not answer.'];
  }
}

interface ReadyAnswer {
  readonly reasons?: unknown;
  readonly [check: string]: unknown;
}

const checks = {
  eventLog: 'The event log does not answer; look at EVENTSTOREDB_URL and at the server.',
  readModels: 'The document store does not answer; look at MONGODB_URL and at the server.',
  projector: 'The lists have not caught up with the event log.',
};

/** What the api says, or what its checks mean when it says nothing. */
export function reasonsIn(body: unknown): readonly string[] {
  const answer: ReadyAnswer = typeof body === 'object' && body !== null ? { ...body } : {};
  const { reasons } = answer;
  const told = Array.isArray(reasons) ? reasons.filter((each) => typeof each === 'string') : [];
  if (told.length > 0) return told;
  const down = Object.entries(checks).filter(([check]) => answer[check] === 'down');
  return down.length > 0
    ? down.map(([, why]) => why)
    : ['The api is not ready and does not say why.'];
}
