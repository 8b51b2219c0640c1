import { useEffect, useRef } from 'react';
import { onColorsChange } from '../../ui/theme.js';
import { fillOf } from './fills.js';
import type { Range, Series } from './series.js';
import { bucketTitle } from './uses-table.js';

interface UsesLegendProps {
  readonly series: readonly Series[];
  readonly nameOf: (series: Series) => string;
  readonly starts: readonly number[];
  readonly range: Range;
  /** Shows the counts of this place; the totals when `null`. */
  readonly place: number | null;
}

export function UsesLegend({ series, nameOf, starts, range, place }: UsesLegendProps) {
  const start = place === null ? undefined : starts[place];
  return (
    <div className="legend">
      <p className="legend-title">
        {start === undefined ? range.title : bucketTitle(start, range)}
      </p>
      <ul>
        {series.map((one, index) => (
          <li key={one.apiKeyId ?? 'others'}>
            <Swatch place={index} />
            <span className="legend-name">{nameOf(one)}</span>
            <span className="legend-count">
              {((place === null ? one.total : one.counts[place]) ?? 0).toLocaleString('en')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const SIZE_PX = 14;

function Swatch({ place }: { readonly place: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = (): void => {
      const context = canvas.current?.getContext('2d');
      if (!context) return;
      context.fillStyle = fillOf(place);
      context.fillRect(0, 0, SIZE_PX, SIZE_PX);
    };
    paint();
    return onColorsChange(paint);
  }, [place]);
  return (
    <canvas ref={canvas} width={SIZE_PX} height={SIZE_PX} className="swatch" aria-hidden="true" />
  );
}
