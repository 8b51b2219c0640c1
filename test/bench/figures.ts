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
  projection,
  revoke,
  pages,
  idleStartMs,
  memory,
}: BenchResult): Figure[] {
  const { keys, audit } = pages;
  const slowest = Math.max(keys.firstRatio, keys.deepRatio, audit.firstRatio, audit.deepRatio);
  return [
    more('guarded : bare', ratio, '', 0.25, 0.5),
    more("guarded : better-auth's plugin", peerRatio, '', 10, 20),
    less('projection lag p99 under load', projection.lagP99Ms, 'ms', 1_000, 100),
    less('revoke answered p99 under load', revoke.ackP99Ms, 'ms', 50, 20),
    more('rebuild', projection.rebuildEventsPerSecond, '/s', 10_000, 50_000),
    less('slowest page, large : small', slowest, '', 2, 1.2),
    less('idle start with the large log', idleStartMs, 'ms', 10_000, 3_000),
    less('peak RSS of the api under load', memory.apiMiB, 'MiB', 250, 150),
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
