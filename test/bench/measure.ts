import type { Part } from '../faults/part.js';
import type { Victim } from '../support/engines/victim.js';
import type { Contest, Contestant } from './contest.js';
import type { LoadJob, LoadReport } from './load.js';
import { median, rounded } from './percentile.js';
import { cpuMicrosWithChildren } from './process-usage.js';
import type { Projection } from './projection.js';

export const CONNECTIONS = 32;
const SLACK_MS = 30_000;
/** A few requests may be refused on a busy machine; more would be another measurement. */
const TOLERATED_FAILURES = 0.01;

export interface Served {
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the process that answers, all its threads, in microseconds. */
  readonly apiCpuMicrosPerRequest: number;
  /** The same of all processes behind that one: stores and projector. */
  readonly behindCpuMicrosPerRequest: number;
  /** The same of the load generator. */
  readonly loadCpuMicrosPerRequest: number;
  readonly failed: number;
}

/** Puts load on one contestant for a while. @throws Error when more than a few requests fail */
export async function measure(
  load: Part,
  { name, part, behind = [], target }: Contestant,
  durationMs: number,
  how: Pick<LoadJob, 'connections' | 'perSecond'> = { connections: CONNECTIONS },
): Promise<Served> {
  const job: LoadJob = { ...target, ...how, durationMs };
  const groups = [[part], behind, [load]];
  const before = groups.map(cpuOf);
  const report = (await load.ask({ ...job }, durationMs + SLACK_MS)) as LoadReport;
  const { requests, failed, ...times } = report;
  if (failed > requests * TOLERATED_FAILURES) {
    throw new Error(`${failed} of ${requests} requests to ${name} failed`);
  }
  const [api = NaN, rest = NaN, generator = NaN] = groups.map((parts, index) =>
    rounded((cpuOf(parts) - (before[index] ?? NaN)) / requests),
  );
  return {
    ...times,
    apiCpuMicrosPerRequest: api,
    behindCpuMicrosPerRequest: rest,
    loadCpuMicrosPerRequest: generator,
    failed,
  };
}

const cpuOf = (parts: readonly Pick<Victim, 'pid'>[]): number =>
  parts.reduce((sum, { pid }) => sum + cpuMicrosWithChildren(pid), 0);

export interface Rounds {
  readonly bare: Served;
  readonly guarded: Served;
  readonly peer: Served;
  readonly baseline: Served | undefined;
}

/** The guarded route and what would be written by hand, at one number of connections. */
export interface AtConnections {
  readonly connections: number;
  readonly guarded: Served;
  readonly baseline: Served | undefined;
}

/**
 * Asks the three in turn, in rounds so short that whatever else happens on the machine happens to all
 * of them, and takes the middle of the rounds.
 */
export async function measureRounds(
  { load, bare, guarded, peer, baseline }: Contest,
  projection: Projection,
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Rounds> {
  const served = { bare: [] as Served[], guarded: [] as Served[], peer: [] as Served[] };
  const byHand: Served[] = [];
  for (let round = 0; round < rounds; round += 1) {
    served.bare.push(await measure(load, bare, roundMs));
    served.guarded.push(await measure(load, guarded, roundMs));
    // What the projector still has to do must not burden whoever is next.
    await projection.caughtUp();
    served.peer.push(await measure(load, peer, roundMs));
    if (baseline) byHand.push(await measure(load, baseline, roundMs));
  }
  return {
    bare: middle(served.bare),
    guarded: middle(served.guarded),
    peer: middle(served.peer),
    baseline: baseline && middle(byHand),
  };
}

interface InTurn {
  readonly rounds: number;
  readonly roundMs: number;
}

/** Keytrail and what would be written by hand in turn, as above, at another load. */
export async function measureInTurn(
  { load, guarded, baseline }: Contest,
  projection: Projection,
  how: Pick<LoadJob, 'connections' | 'perSecond'>,
  { rounds, roundMs }: InTurn,
): Promise<AtConnections> {
  const [own, byHand]: [Served[], Served[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await measure(load, guarded, roundMs, how));
    await projection.caughtUp();
    if (baseline) byHand.push(await measure(load, baseline, roundMs, how));
  }
  const { connections } = how;
  return { connections, guarded: middle(own), baseline: baseline && middle(byHand) };
}

function middle(rounds: readonly Served[]): Served {
  const of = (field: keyof Served): number => rounded(median(rounds.map((round) => round[field])));
  return {
    rps: of('rps'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    apiCpuMicrosPerRequest: of('apiCpuMicrosPerRequest'),
    behindCpuMicrosPerRequest: of('behindCpuMicrosPerRequest'),
    loadCpuMicrosPerRequest: of('loadCpuMicrosPerRequest'),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}
