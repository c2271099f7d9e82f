/** Line charts as SVG, drawn without a library: axes with round ticks, a line a series, reference lines. */

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Limits and events: a horizontal line at `y`, or a vertical one at `x`. */
  readonly marks?: readonly ({ readonly label: string } & (
    | { readonly x: number }
    | { readonly y: number }
  ))[];
}

export interface Axis {
  /** With the unit: "Final latency p95, ms". */
  readonly label: string;
  /** Included whatever the data are. */
  readonly min?: number;
  readonly max?: number;
}

export interface Series {
  readonly name: string;
  /** In the order of x; a y that is not finite leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A colour-blind safe set (Okabe and Ito, 2008), without the yellow that white paper swallows. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000'];
const WIDTH = 760;
const HEIGHT = 400;
const PLOT = { left: 70, right: WIDTH - 20, top: 64, bottom: HEIGHT - 52 };
const TICKS = 6;

/** Several charts on one sheet, three in a row. */
export function chartGrid(title: string, charts: readonly LineChart[]): string {
  const columns = 3;
  const scale = 0.55;
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
  const rows = Math.ceil(charts.length / columns);
  const cells = charts.map((chart, index) => {
    const [x, y] = [(index % columns) * width, 40 + Math.floor(index / columns) * height];
    return `<g transform="translate(${round(x)} ${round(y)}) scale(${scale})">\n${drawn(chart)}\n</g>`;
  });
  return svg(columns * width, 40 + rows * height, title, [
    text(20, 26, title, 'font-size="17" font-weight="bold"'),
    ...cells,
  ]);
}

export function lineChart(chart: LineChart): string {
  return svg(WIDTH, HEIGHT, chart.title, [drawn(chart)]);
}

function svg(width: number, height: number, title: string, content: readonly string[]): string {
  const [w, h] = [Math.round(width), Math.round(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w}" height="${h}" fill="#fff"/>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}

function drawn(chart: LineChart): string {
  const points = chart.series.flatMap(({ points }) => points).filter(isFinitePoint);
  const marks = chart.marks ?? [];
  const x = scale(
    chart.x,
    [...points.map(([x]) => x), ...marks.flatMap((mark) => ('x' in mark ? [mark.x] : []))],
    PLOT.left,
    PLOT.right,
  );
  const y = scale(
    chart.y,
    [...points.map(([, y]) => y), ...marks.flatMap((mark) => ('y' in mark ? [mark.y] : []))],
    PLOT.bottom,
    PLOT.top,
  );
  const { left, right, top, bottom } = PLOT;
  return [
    text(left, 20, chart.title, 'font-size="15" font-weight="bold"'),
    ...legend(chart.series),
    ...y.ticks.flatMap((tick) => [
      line(left, y.at(tick), right, y.at(tick), '#e5e5e5'),
      text(left - 8, y.at(tick) + 4, shown(tick), 'text-anchor="end"'),
    ]),
    ...x.ticks.flatMap((tick) => [
      line(x.at(tick), bottom, x.at(tick), bottom + 5, '#555'),
      text(x.at(tick), bottom + 20, shown(tick), 'text-anchor="middle"'),
    ]),
    line(left, bottom, right, bottom, '#555'),
    text((left + right) / 2, HEIGHT - 10, chart.x.label, 'text-anchor="middle"'),
    text(
      0,
      0,
      chart.y.label,
      `text-anchor="middle" transform="translate(16 ${(top + bottom) / 2}) rotate(-90)"`,
    ),
    ...marks.flatMap((mark) =>
      'y' in mark
        ? [
            line(left, y.at(mark.y), right, y.at(mark.y), '#888', '5 4'),
            text(right, y.at(mark.y) - 5, mark.label, 'text-anchor="end" fill="#555"'),
          ]
        : [
            line(x.at(mark.x), top, x.at(mark.x), bottom, '#888', '5 4'),
            text(x.at(mark.x) + 5, top + 12, mark.label, 'fill="#555"'),
          ],
    ),
    ...chart.series.flatMap(({ points }, index) =>
      curve(points, x.at, y.at, COLOURS[index % COLOURS.length]!),
    ),
  ].join('\n');
}

function legend(series: readonly Series[]): string[] {
  let at = PLOT.left;
  return series.flatMap(({ name }, index) => {
    const x = at;
    at += 34 + name.length * 7;
    return [line(x, 42, x + 18, 42, COLOURS[index % COLOURS.length]!, undefined, 3), text(x + 24, 46, name)];
  });
}

function curve(
  points: Series['points'],
  x: (value: number) => number,
  y: (value: number) => number,
  colour: string,
): string[] {
  const runs: string[][] = [[]];
  for (const point of points) {
    if (isFinitePoint(point)) runs.at(-1)!.push(`${round(x(point[0]))},${round(y(point[1]))}`);
    else runs.push([]);
  }
  const lines = runs
    .filter((run) => run.length > 1)
    .map((run) => `<polyline points="${run.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`);
  // Dots only where they can be told apart.
  const dots = points.length > 60 ? [] : runs.flat();
  return [
    ...lines,
    ...dots.map((dot) => {
      const [cx, cy] = dot.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
    }),
  ];
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Linear, from a round number to a round number. */
function scale(axis: Axis, values: readonly number[], from: number, to: number): Scale {
  let low = Math.min(axis.min ?? Number.POSITIVE_INFINITY, ...values);
  let high = Math.max(axis.max ?? Number.NEGATIVE_INFINITY, ...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 1];
  if (low === high) high = low + 1;
  const step = roundStep((high - low) / (TICKS - 1));
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  const [start, end] = [first * step, last * step];
  return { ticks, at: (value) => from + ((value - start) / (end - start)) * (to - from) };
}

/** The least of 1, 2, 2.5, 5 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * 0.999)!;
  return factor * power;
}

function isFinitePoint([x, y]: readonly [number, number]): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  dash?: string,
  width = 1,
): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"${dashes}/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** 1200000 as 1.2M; else at most four digits. */
function shown(value: number): string {
  const units: [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ];
  const unit = units.find(([size]) => Math.abs(value) >= size);
  if (unit === undefined) return String(Number(value.toPrecision(4)));
  const size = unit[1] === 'k' ? 1e3 : unit[0];
  return `${Number((value / size).toPrecision(4))}${unit[1]}`;
}
