import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { onColorsChange } from '../../ui/theme.js';
import { fillOf } from './fills.js';
import { type Series, stack } from './series.js';

const HEIGHT_PX = 240;
const WIDEST_BAR_PX = 44;
const BAR_SHARE = 0.72;

interface UsesChartProps {
  /** Says in words what the chart shows. */
  readonly label: string;
  readonly starts: readonly number[];
  readonly bucket: 'hour' | 'day';
  readonly series: readonly Series[];
  /** The place under the pointer, or `null`. */
  readonly onPoint: (place: number | null) => void;
}

/** Uses per hour or day as stacked bars, one layer per key. The table beneath it says the same in words. */
export function UsesChart({ label, starts, bucket, series, onPoint }: UsesChartProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let chart = draw(element, { starts, bucket, series, onPoint });
    const resized = new ResizeObserver(() => {
      chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    resized.observe(element);
    const stopColors = onColorsChange(() => {
      chart.destroy();
      chart = draw(element, { starts, bucket, series, onPoint });
    });
    return () => {
      stopColors();
      resized.disconnect();
      chart.destroy();
    };
  }, [starts, bucket, series, onPoint]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

function draw(element: HTMLElement, props: Omit<UsesChartProps, 'label'>): uPlot {
  const { starts, bucket, series, onPoint } = props;
  const heights = stack(series);
  // The tallest layer is drawn first, so that those below it stay visible.
  const layers = series.map((_, place) => place).reverse();
  const data = [
    starts.map((start) => start / 1_000),
    ...layers.map((layer) => [...(heights[layer] ?? [])]),
  ] as uPlot.AlignedData;
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, WIDEST_BAR_PX], radius: 0.08 });
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT_PX,
    tzDate: utc,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { range: (_chart, min, max) => padded(min, max, bucket) },
      y: { range: fromZero },
    },
    axes: [xAxis(starts, bucket), yAxis()],
    series: [
      {},
      ...layers.map((layer) => ({
        fill: () => fillOf(layer),
        width: 0,
        points: { show: false },
        ...(bars ? { paths: bars } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          onPoint(cursor.idx ?? null);
        },
      ],
    },
  };
  return new uPlot(options, data, element);
}

const utc = (seconds: number): Date => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC');

function padded(min: number, max: number, bucket: 'hour' | 'day'): [number, number] {
  const half = (bucket === 'hour' ? 3_600 : 86_400) / 2;
  return [min - half, max + half];
}

const fromZero = (_chart: uPlot, _min: number, max: number): [number, number] => [
  0,
  Math.max(4, Math.ceil(max * 1.08)),
];

const color = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const font = '12px "Inter Variable", system-ui, sans-serif';

const LABEL_PX = 70;

/** Labels under bars only: every one of them, or as many as have room. */
const xAxis = (starts: readonly number[], bucket: 'hour' | 'day'): uPlot.Axis => ({
  stroke: () => color('--text-quiet'),
  font,
  size: 30,
  grid: { show: false },
  ticks: { show: false },
  splits: (chart) => {
    const every = Math.ceil(
      (starts.length * LABEL_PX) / Math.max(1, chart.bbox.width / devicePixelRatio),
    );
    return starts
      .filter((_, place) => (starts.length - 1 - place) % every === 0)
      .map((at) => at / 1_000);
  },
  values: (_chart, splits) => splits.map((seconds) => axisTime(seconds * 1_000, bucket === 'day')),
});

const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const axisTime = (at: number, isDay: boolean): string =>
  isDay || at % 86_400_000 === 0 ? day.format(at) : new Date(at).toISOString().slice(11, 16);

const yAxis = (): uPlot.Axis => ({
  stroke: () => color('--text-quiet'),
  font,
  size: 52,
  grid: { stroke: () => color('--line'), width: 1 },
  ticks: { show: false },
  incrs: [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7,
  ],
  values: (_chart, splits) => splits.map((count) => count.toLocaleString('en')),
});
