import { figuresOf, verdictOf } from './figures.js';
import type { Figure } from './figures.js';
import type { AtConnections, Served } from './measure.js';
import type { PageTimes } from './pages.js';
import type { BenchResult } from './result.js';
import { shown, table } from './table.js';

/** Everything that a run has measured, for people. */
export function report(result: BenchResult): string {
  return [
    servedTable(result),
    loadsTable(result),
    pagesTable(result),
    memoryTable(result),
    figuresTable(result),
  ].join('\n\n');
}

function servedTable({ loadGenerator, bare, guarded, peer, baseline }: BenchResult): string {
  const row = (name: string, served: Served): string[] => [
    name,
    shown(served.rps),
    shown(served.p50Ms),
    shown(served.p99Ms),
    shown(served.apiCpuMicrosPerRequest),
    shown(served.behindCpuMicrosPerRequest),
    shown(served.loadCpuMicrosPerRequest),
    String(served.failed),
  ];
  return table([
    ['100 keys, 32 connections', 'rps', 'p50 ms', 'p99 ms', 'CPU µs', 'behind', 'load', 'failed'],
    row("the load generator's own limit", loadGenerator),
    row('bare: nobody guards it', bare),
    row('guarded: GET /v1/me', guarded),
    row(`peer: ${peer.name}`, peer),
    ...(baseline ? [row(BY_HAND, baseline)] : []),
  ]);
}

const BY_HAND = 'by hand: Fastify and PostgreSQL';

function loadsTable({ atConnections, atFixedRate }: BenchResult): string {
  const rows = (load: string, { guarded, baseline }: AtConnections): string[][] => [
    [`${load}: guarded`, ...[guarded.rps, guarded.p50Ms, guarded.p99Ms].map(shown)],
    ...(baseline
      ? [[`${load}: by hand`, ...[baseline.rps, baseline.p50Ms, baseline.p99Ms].map(shown)]]
      : []),
  ];
  return table([
    ['other loads', 'rps', 'p50 ms', 'p99 ms'],
    ...atConnections.flatMap((at) => rows(`${at.connections} connections`, at)),
    ...rows(`${atFixedRate.perSecond} a second`, atFixedRate),
  ]);
}

function pagesTable({ pages: { records, keys, audit } }: BenchResult): string {
  const rows = (name: string, times: PageTimes): string[][] => [
    [
      `${name}, first page`,
      ...[times.firstSmallMs, times.firstLargeMs, times.firstRatio].map(shown),
    ],
    [`${name}, deep page`, ...[times.deepSmallMs, times.deepLargeMs, times.deepRatio].map(shown)],
  ];
  const head = [
    'p50 ms of a page, by records',
    shown(records.small),
    shown(records.large),
    'ratio',
  ];
  return table([head, ...rows('keys', keys), ...rows('audit', audit)]);
}

function memoryTable({ memory: { largeLog, ...underLoad } }: BenchResult): string {
  const row = (name: string, memory: typeof largeLog): string[] => [
    name,
    ...[memory.apiMiB, memory.projectorMiB, memory.storesMiB].map(shown),
  ];
  return table([
    ['peak RSS in MiB', 'api', 'projector', 'stores'],
    row('under load', underLoad),
    row('with the large log', largeLog),
  ]);
}

function figuresTable(result: BenchResult): string {
  const row = (figure: Figure): string[] => [
    figure.name,
    `${shown(figure.measured)} ${figure.unit}`.trimEnd(),
    `${figure.better === 'more' ? '≥' : '≤'} ${shown(figure.bound)}`,
    shown(figure.aim),
    verdictOf(figure),
  ];
  return table([['', 'measured', 'to reach', 'aim', ''], ...figuresOf(result).map(row)]);
}
