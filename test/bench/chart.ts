// Draws a result of the bench: npm run bench:chart -- RESULT.json PICTURE.svg
import { readFile, writeFile } from 'node:fs/promises';
import { figuresOf, timesBetter, verdictOf } from './figures.js';
import type { Figure } from './figures.js';
import type { BenchResult } from './result.js';
import { shown } from './table.js';

const WIDTH = 980;
const LEFT = 280;
const RIGHT = 740;
const ROW = 30;
const BAR = 16;

const colours = {
  ...{ 'aim reached': '#1a7f4b', reached: '#7fb24f', missed: '#c8442f' },
  ...{
    bare: '#8a94a6',
    guarded: '#2f5fd0',
    peer: '#c99a2e',
    baseline: '#8a5fb0',
    ink: '#1c2330',
    faint: '#d5dae3',
  },
} as const;

/** From 16 times worse than the bound to 16 times better. */
const DOUBLINGS = 4;
const xOf = (times: number): number => {
  const doublings = Math.min(Math.max(Math.log2(times), -DOUBLINGS), DOUBLINGS);
  return LEFT + ((doublings + DOUBLINGS) / (2 * DOUBLINGS)) * (RIGHT - LEFT);
};

const escape = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`;

const bar = (x: number, y: number, width: number, colour: string): string =>
  `<rect x="${x}" y="${y}" width="${Math.max(width, 1)}" height="${BAR}" rx="2" fill="${colour}"/>`;

const verticalLine = (x: number, top: number, bottom: number, attributes: string): string =>
  `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" ${attributes}/>`;

function rates({ bare, guarded, peer, baseline }: BenchResult, top: number): string[] {
  const most = Math.max(bare.rps, guarded.rps, peer.rps, baseline?.rps ?? 0);
  const row = (name: string, rps: number, colour: string, index: number): string[] => {
    const y = top + index * ROW;
    const width = ((RIGHT - LEFT) * rps) / most;
    return [
      text(LEFT - 12, y + 13, name, 'text-anchor="end"'),
      bar(LEFT, y, width, colour),
      text(LEFT + width + 8, y + 13, shown(rps)),
    ];
  };
  return [
    row('bare: nobody guards it', bare.rps, colours.bare, 0),
    row('guarded, each use durable', guarded.rps, colours.guarded, 1),
    ...(baseline ? [row('by hand: Fastify, PostgreSQL', baseline.rps, colours.baseline, 2)] : []),
    row(peer.name, peer.rps, colours.peer, baseline ? 3 : 2),
  ].flat();
}

function figureRow(figure: Figure, y: number): string[] {
  const from = xOf(1);
  const to = xOf(timesBetter(figure, figure.measured));
  const aim = xOf(timesBetter(figure, figure.aim));
  const value = `${shown(figure.measured)} ${figure.unit}`.trimEnd();
  const least = `${figure.better === 'more' ? '≥' : '≤'} ${shown(figure.bound)}`;
  return [
    text(LEFT - 12, y + 13, figure.name, 'text-anchor="end"'),
    bar(Math.min(from, to), y, Math.abs(to - from), colours[verdictOf(figure)]),
    verticalLine(aim, y - 3, y + BAR + 3, `stroke="${colours.ink}" stroke-dasharray="3 2"`),
    text(RIGHT + 12, y + 13, value),
    text(WIDTH - 16, y + 13, least, 'text-anchor="end" opacity="0.6"'),
  ];
}

function figures(result: BenchResult, top: number): string[] {
  const all = figuresOf(result);
  const bottom = top + all.length * ROW;
  return [
    text(xOf(1), top - 10, 'to reach', 'text-anchor="middle" font-size="12"'),
    text(RIGHT, top - 10, 'better →', 'text-anchor="end" font-size="12" opacity="0.6"'),
    ...[1 / 8, 1 / 4, 1 / 2, 2, 4, 8].map((times) =>
      verticalLine(xOf(times), top - 4, bottom, `stroke="${colours.faint}"`),
    ),
    ...all.flatMap((figure, index) => figureRow(figure, top + index * ROW)),
    verticalLine(xOf(1), top - 4, bottom, `stroke="${colours.ink}" stroke-width="1.5"`),
  ];
}

function draw(result: BenchResult): string {
  const { machine, at, quick } = result;
  const run = `${at.slice(0, 10)}, ${quick ? 'quick run' : 'full run'}, ${machine.cores} cores, Node.js ${machine.node}, load average ${machine.loadAverageAtStart} at the start`;
  const height = 530;
  const lines = [
    text(16, 28, 'Answers per second, 100 keys, 32 connections', 'font-weight="600"'),
    ...rates(result, 44),
    text(
      16,
      196,
      'Figures to reach; dashed: the aim; each line is a factor of two',
      'font-weight="600"',
    ),
    ...figures(result, 230),
    text(16, height - 12, run, 'font-size="12" opacity="0.6"'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="14" fill="${colours.ink}" role="img" aria-label="Results of a run of the bench">
<rect width="${WIDTH}" height="${height}" rx="6" fill="#ffffff"/>
${lines.join('\n')}
</svg>
`;
}

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('Usage: npm run bench:chart -- RESULT.json PICTURE.svg');
  process.exit(2);
}
await writeFile(to, draw(JSON.parse(await readFile(from, 'utf8')) as BenchResult));
