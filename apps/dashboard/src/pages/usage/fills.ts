const TILE_PX = 8;

type Stroke = readonly [x1: number, y1: number, x2: number, y2: number];

/** The marks of each fill on a tile of 8 by 8, so that colour is not the only thing that tells keys apart. */
const marks: readonly (readonly Stroke[])[] = [
  [],
  [
    [-2, 2, 2, -2],
    [0, 8, 8, 0],
    [6, 10, 10, 6],
  ],
  [[0, 4, 8, 4]],
  [
    [-2, 6, 2, 10],
    [0, 0, 8, 8],
    [6, -2, 10, 2],
  ],
  [[4, 0, 4, 8]],
  [
    [4, 0, 4, 8],
    [0, 4, 8, 4],
  ],
  [[4, 4, 4.1, 4]],
];

export const FILLS = marks.length;

/** How the series at a place is filled: its colour from the style sheet, and its marks. */
export function fillOf(place: number): CanvasPattern | string {
  const style = getComputedStyle(document.documentElement);
  const color = style.getPropertyValue(`--series-${place % FILLS}`).trim();
  const strokes = marks[place % FILLS] ?? [];
  const tile = document.createElement('canvas');
  tile.width = TILE_PX;
  tile.height = TILE_PX;
  const context = tile.getContext('2d');
  if (context === null || strokes.length === 0) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, TILE_PX, TILE_PX);
  context.strokeStyle = style.getPropertyValue('--series-mark').trim();
  context.lineWidth = 2;
  context.lineCap = 'round';
  for (const [x1, y1, x2, y2] of strokes) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? color;
}
