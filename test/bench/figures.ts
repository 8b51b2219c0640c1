import type { BenchResult } from './result.js';

/** One measurement beside what it has to reach. */
export interface Figure {
  readonly name: string;
  readonly measured: number;
  readonly unit: string;
  /** Whether more or less of it is better; the bounds are a least or a most accordingly. */
  readonly better: 'more' | 'less';
  readonly bound: number;
  readonly aim: number;
}

export function figuresOf({
  ratio,
  peerRatio,
  baselineRatio,
  projection,
  revoke,
  pages,
  idleStartMs,
  memory,
}: BenchResult): Figure[] {
  const { keys, audit } = pages;
  const slowest = Math.max(keys.firstRatio, keys.deepRatio, audit.firstRatio, audit.deepRatio);
  return [
    more('guarded : bare', ratio, '', 0.4, 0.5),
    ...(baselineRatio === null
      ? []
      : [more('guarded : by hand on PostgreSQL', baselineRatio, '', 1, 1.5)]),
    more("guarded : better-auth's plugin", peerRatio, '', 8, 12),
    less('projection lag p99 under load', projection.lagP99Ms, 'ms', 500, 100),
    less('revoke answered p99 under load', revoke.ackP99Ms, 'ms', 50, 20),
    more('rebuild', projection.rebuildEventsPerSecond, '/s', 40_000, 80_000),
    less('slowest page, large : small', slowest, '', 2, 1.2),
    less('idle start with the large log', idleStartMs, 'ms', 3_000, 1_000),
    less('peak RSS of the api under load', memory.apiMiB, 'MiB', 200, 150),
  ];
}

type Bounds = [name: string, measured: number, unit: string, bound: number, aim: number];

const figure =
  (better: Figure['better']) =>
  (...[name, measured, unit, bound, aim]: Bounds): Figure => ({
    ...{ name, measured, unit, better, bound, aim },
  });
const more = figure('more');
const less = figure('less');

export type Verdict = 'aim reached' | 'reached' | 'missed';

export function verdictOf({ measured, better, bound, aim }: Figure): Verdict {
  const reaches = (goal: number): boolean =>
    better === 'more' ? measured >= goal : measured <= goal;
  if (reaches(aim)) return 'aim reached';
  return reaches(bound) ? 'reached' : 'missed';
}

/** How many times better than its bound: 1 is just enough, 2 is twice as good, 0.5 half. */
export const timesBetter = ({ better, bound }: Figure, value: number): number =>
  better === 'more' ? value / bound : bound / value;
