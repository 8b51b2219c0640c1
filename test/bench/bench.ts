import type { Deployment } from '../faults/deployment.js';
import { onlyApi, openContest } from './contest.js';
import { deploySeeded, measureStart } from './large-log.js';
import { measure, measureInTurn, measureRounds } from './measure.js';
import { measurePages } from './pages.js';
import { rounded } from './percentile.js';
import { describeMachine, peakRssMiB } from './process-usage.js';
import { Projection } from './projection.js';
import { measureRebuild } from './rebuild.js';
import type { BenchResult, Memory } from './result.js';
import type { Running } from './running.js';
import { Steps } from './steps.js';
import { measureUnderLoad } from './under-load.js';

const PEER = "better-auth's API-key plugin";
const SMALL = 1_000;
const FIXED_RATE = 500;

/**
 * Warm-up: V8 goes on compiling what a guarded request runs for half a minute, and what a bare one
 * runs for some seconds. Counted in, the beginning would be measured and not the rate that stays.
 */
const plans = {
  quick: {
    ...{ limitMs: 2_000, warmUpMs: 10_000, rounds: 5, roundMs: 2_000 },
    ...{ underLoadMs: 8_000, revokes: 120, records: 100_000, pageSamples: 100 },
  },
  full: {
    ...{ limitMs: 5_000, warmUpMs: 30_000, rounds: 9, roundMs: 4_000 },
    ...{ underLoadMs: 30_000, revokes: 500, records: 1_000_000, pageSamples: 300 },
  },
} as const;

type Plan = (typeof plans)['quick' | 'full'];

interface BenchOptions {
  readonly quick: boolean;
  readonly loadAverageAtStart: number;
}

/** Measures everything, one thing after another. Whoever calls it ends what is running afterwards. */
export async function bench(
  running: Running,
  { quick, loadAverageAtStart }: BenchOptions,
): Promise<BenchResult> {
  const plan = quick ? plans.quick : plans.full;
  const { cores } = describeMachine(loadAverageAtStart);
  if (loadAverageAtStart > cores) {
    console.warn(
      `WARNING: the machine is busy (load average ${loadAverageAtStart} on ${cores} cores).`,
      'Ratios still mean something; rates and times do not.',
    );
  }
  const steps = new Steps();
  const { memory, ...hot } = await measureHotPath(running, plan, steps);
  await steps.run('stopping the parts', () => running.stopAll());
  const { largeLogMemory, catchUpEventsPerSecond, ...large } = await measureLargeLog(
    running,
    plan,
    steps,
  );
  return {
    at: new Date().toISOString(),
    quick,
    machine: describeMachine(loadAverageAtStart),
    ...hot,
    projection: { ...hot.projection, catchUpEventsPerSecond },
    ...large,
    memory: { ...memory, largeLog: largeLogMemory },
    steps: steps.done,
  };
}

async function measureHotPath(running: Running, plan: Plan, steps: Steps) {
  const contest = await steps.run('starting the parts', () => openContest(running));
  const projection = await Projection.open(running, contest.deployment);
  const { load, limit, bare, guarded, peer, baseline } = contest;
  const loadGenerator = await steps.run("the load generator's own limit", async () => {
    await measure(load, limit, plan.limitMs);
    return measure(load, limit, plan.limitMs);
  });
  await steps.run('warming up', async () => {
    for (const contestant of [bare, guarded, peer, ...(baseline ? [baseline] : [])]) {
      await measure(load, contestant, plan.warmUpMs);
      await projection.caughtUp();
    }
  });
  const served = await steps.run('bare, guarded, peer and baseline in turn', () =>
    measureRounds(contest, projection, plan),
  );
  const turns = { rounds: Math.ceil(plan.rounds / 3), roundMs: plan.roundMs };
  const atConnections = await steps.run('one, eight and 128 connections', async () => {
    const measured = [];
    for (const connections of [1, 8, 128])
      measured.push(await measureInTurn(contest, projection, { connections }, turns));
    return measured;
  });
  const fixed = { connections: 128, perSecond: FIXED_RATE };
  const atFixedRate = await steps.run(`${FIXED_RATE} requests a second`, () =>
    measureInTurn(contest, projection, fixed, turns),
  );
  const under = await steps.run('lag and revokes under load', () =>
    measureUnderLoad(contest, projection, plan),
  );
  const memory = memoryOf(contest.deployment);
  const rebuild = await steps.run('rebuilding all read models', async () => {
    await projection.caughtUp();
    return measureRebuild(contest.deployment, running.signal);
  });
  const { lagP50Ms, lagP99Ms, lagSamples, revokeP50Ms, revokeP99Ms, revokes } = under;
  return {
    loadGenerator,
    bare: served.bare,
    guarded: served.guarded,
    ratio: rounded(served.guarded.rps / served.bare.rps),
    peer: { name: PEER, ...served.peer },
    peerRatio: rounded(served.guarded.rps / served.peer.rps),
    baseline: served.baseline ?? null,
    baselineRatio: served.baseline ? rounded(served.guarded.rps / served.baseline.rps) : null,
    atConnections,
    atFixedRate: { ...atFixedRate, perSecond: FIXED_RATE },
    projection: {
      ...{ lagP50Ms, lagP99Ms, lagSamples },
      rebuildEventsPerSecond: Math.round(rebuild.events / rebuild.seconds),
      rebuildEvents: rebuild.events,
    },
    revoke: { ackP50Ms: revokeP50Ms, ackP99Ms: revokeP99Ms, revokes },
    memory,
  };
}

async function measureLargeLog(running: Running, plan: Plan, steps: Steps) {
  const small = await steps.run(`a log of ${SMALL} keys`, () => deploySeeded(running, SMALL));
  const large = await steps.run(`a log of ${plan.records} keys`, () =>
    deploySeeded(running, plan.records),
  );
  const pages = await steps.run('pages of both', () =>
    measurePages(small, large, plan.pageSamples),
  );
  const largeLogMemory = memoryOf(large.deployment);
  const idleStartMs = await steps.run('starting again', () => measureStart(large));
  return {
    pages,
    idleStartMs,
    largeLogMemory,
    catchUpEventsPerSecond: large.catchUpEventsPerSecond,
  };
}

const memoryOf = ({ apis, projector, stores, urls }: Deployment): Memory => ({
  apiMiB: peakRssMiB(onlyApi({ apis, urls }).api.pid),
  projectorMiB: peakRssMiB(projector.pid),
  storesMiB: stores.processes.reduce((sum, { pid }) => sum + peakRssMiB(pid), 0),
});
