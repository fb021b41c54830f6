/** A plot as SVG: lines through points, both axes logarithmic (but from 0 on, where x is 0). */

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlotInput {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Whether x is drawn in equal steps; logarithmic otherwise. */
  readonly linear: boolean;
}

const [WIDTH, HEIGHT] = [760, 420];
const AREA = { left: 60, right: 590, top: 40, bottom: 370 };
const COLOURS = ['#c2185b', '#1565c0', '#00838f', '#6a1b9a', '#ef6c00', '#9e9e9e', '#616161', '#212121'];

export function plot({ linear, series, title, x, y }: PlotInput): string {
  const points = series.flatMap((one) => one.points);
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const across = scale(xs, linear, AREA.left + 20, AREA.right - 20);
  const decades = decadesOf(points.map((point) => point.y));
  const up = scale([decades[0] ?? 0.1, decades.at(-1) ?? 1], false, AREA.bottom, AREA.top);
  const rows = decades.map(
    (value) => `<line x1="${AREA.left}" x2="${AREA.right}" y1="${up(value)}" y2="${up(value)}" stroke="#ddd"/>
${text(AREA.left - 8, up(value) + 4, String(value), 'end')}`,
  );
  const columns = xs.map((value) => text(across(value), AREA.bottom + 20, String(value), 'middle'));
  const names = spread(series.map(({ points: own }) => up(own.at(-1)?.y ?? 1)));
  const lines = series.map((one, index) => {
    const colour = COLOURS[index % COLOURS.length]!;
    const places = one.points.map((point) => `${across(point.x)},${up(point.y)}`);
    const dots = one.points.map(
      (point) => `<circle cx="${across(point.x)}" cy="${up(point.y)}" r="3" fill="${colour}"/>`,
    );
    return `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>
${dots.join('\n')}
${text(AREA.right + 8, names[index]! + 4, one.name, 'start', colour)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${text(AREA.left, 22, `${title} (${y})`, 'start', '#000', 14)}
${rows.join('\n')}
${columns.join('\n')}
${text((AREA.left + AREA.right) / 2, HEIGHT - 12, x, 'middle')}
${lines.join('\n')}
</svg>
`;
}

function scale(values: readonly number[], linear: boolean, from: number, to: number): (value: number) => number {
  const turn = linear ? (value: number) => value : Math.log10;
  const [low, high] = [turn(Math.min(...values)), turn(Math.max(...values))];
  return (value) => Math.round(from + ((to - from) * (turn(value) - low)) / (high - low || 1));
}

/** The powers of ten that hold all values between them. */
function decadesOf(values: readonly number[]): readonly number[] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, index) => Number((10 ** (low + index)).toPrecision(1)));
}

/** Names that would lie over each other are moved apart, downwards. */
function spread(heights: readonly number[]): readonly number[] {
  const moved = [...heights];
  let last = Number.NEGATIVE_INFINITY;
  for (const index of heights.map((_, at) => at).sort((a, b) => heights[a]! - heights[b]!)) {
    last = Math.max(heights[index]!, last + 15);
    moved[index] = last;
  }
  return moved;
}

function text(x: number, y: number, words: string, anchor: string, colour = '#444', size = 12): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}" font-size="${size}">${words}</text>`;
}
