import type { AtConnections, Served } from './measure.js';
import type { Pages } from './pages.js';
import type { Machine } from './process-usage.js';

/** What a run of the bench writes. Names end in their units; see docs/bench.md. */
export interface BenchResult {
  readonly at: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly loadGenerator: Served;
  readonly bare: Served;
  readonly guarded: Served;
  readonly ratio: number;
  readonly peer: Served & { readonly name: string };
  readonly peerRatio: number;
  /** What would be written by hand; none where PostgreSQL is not installed. */
  readonly baseline: Served | null;
  /** `guarded.rps / baseline.rps`. */
  readonly baselineRatio: number | null;
  /** Other numbers of connections. */
  readonly atConnections: readonly AtConnections[];
  /** Requests begun at a fixed rate, each counted from when it was due. */
  readonly atFixedRate: AtConnections & { readonly perSecond: number };
  readonly projection: {
    readonly lagP50Ms: number;
    readonly lagP99Ms: number;
    readonly lagSamples: number;
    readonly rebuildEventsPerSecond: number;
    /** How many the log of the hot path held by then. */
    readonly rebuildEvents: number;
    /** Of a log that holds nothing but new keys, each with several documents. */
    readonly catchUpEventsPerSecond: number;
  };
  readonly revoke: {
    readonly ackP50Ms: number;
    readonly ackP99Ms: number;
    readonly revokes: number;
  };
  readonly pages: Pages;
  readonly idleStartMs: number;
  readonly memory: Memory & { readonly largeLog: Memory };
  readonly steps: readonly Step[];
}

/** Peak resident memory of each process. */
export interface Memory {
  readonly apiMiB: number;
  readonly projectorMiB: number;
  readonly storesMiB: number;
}

export interface Step {
  readonly name: string;
  readonly seconds: number;
}
