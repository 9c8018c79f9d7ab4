import { paretoFront } from '../src/analysis/estimates/pareto.js';
import type { PageData, PagePoint } from '../src/reports/page/data.js';
import { quantile, recallOf } from './figures.js';
import { logTicks, svg } from './svg.js';

/*
 * Recall against median latency. Both axes are logarithmic, that of recall in what is missed: 0.9, 0.99 and 0.999 lie at
 * equal distances.
 */

const WIDTH = 860;
const HEIGHT = 460;
const MARGIN = { left: 64, right: 16, top: 16, bottom: 48 };
/** What is missed where nothing is: the top of the axis. */
const LEAST_MISSED = 5e-4;
const RECALLS = [0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];

/** A part of the plane, in logarithms. */
export interface Region {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

const heightOf = (recall: number): number => -Math.log10(Math.max(LEAST_MISSED, 1 - recall));

const at = (point: PagePoint): { readonly x: number; readonly y: number } => ({
  x: Math.log10(quantile(point, 0.5)?.value ?? 1),
  y: heightOf(recallOf(point).value),
});

/** The region that holds all points, with room around them. */
export function regionOf(points: readonly PagePoint[]): Region {
  const places = points.map(at);
  const around = (values: readonly number[], least: number): readonly [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(0.06 * (high - low), least);
    return [low - room, high + room];
  };
  return {
    x: around(
      places.map(({ x }) => x),
      0.08,
    ),
    y: around(
      places.map(({ y }) => y),
      0.06,
    ),
  };
}

/** The same region, larger or smaller about its middle, moved by parts of its extent. */
export function moved({ x, y }: Region, factor: number, [right, up]: readonly [number, number] = [0, 0]): Region {
  const change = ([low, high]: readonly [number, number], by: number): readonly [number, number] => {
    const middle = (low + high) / 2 + by * (high - low);
    const half = (factor * (high - low)) / 2;
    return [middle - half, middle + half];
  };
  return { x: change(x, right), y: change(y, up) };
}

export interface ParetoView {
  readonly data: PageData;
  readonly region: Region;
  readonly isShown: (point: PagePoint) => boolean;
  readonly chosen: number | null;
  readonly selected: number | null;
  readonly targetRecall: number;
  readonly onSelect: (position: number) => void;
}

/** Class of the colour of an index: builds of one specification share it. */
export function colourOf({ points }: PageData, { name }: PagePoint): string {
  const names = [...new Set(points.map((point) => point.name))];
  return `c${names.indexOf(name) % 10}`;
}

export function drawPareto(root: SVGSVGElement, view: ParetoView): void {
  const { data, region, isShown, chosen, selected, targetRecall, onSelect } = view;
  const x = (log: number): number =>
    MARGIN.left + ((log - region.x[0]) / (region.x[1] - region.x[0])) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (height: number): number =>
    HEIGHT -
    MARGIN.bottom -
    ((height - region.y[0]) / (region.y[1] - region.y[0])) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const plot = svg('g', { 'clip-path': 'url(#plot)' });
  const shown = [...data.points.entries()].filter(([, point]) => isShown(point));
  const front = paretoFront(
    shown.filter(([, { isConclusion }]) => isConclusion),
    ([, point]) => ({ max: [recallOf(point).value], min: [quantile(point, 0.5)?.value ?? Infinity] }),
  ).toSorted(([, a], [, b]) => at(a).x - at(b).x);
  const steps = front.map(([, point], i) => {
    const { x: px, y: py } = at(point);
    return i === 0 ? `M${x(px)},${y(py)}` : `H${x(px)}V${y(py)}`;
  });
  plot.append(svg('path', { class: 'front', d: steps.join('') || 'M0,0' }));
  plot.append(
    svg('line', {
      class: 'target',
      x1: MARGIN.left,
      x2: WIDTH - MARGIN.right,
      y1: y(heightOf(targetRecall)),
      y2: y(heightOf(targetRecall)),
    }),
  );
  for (const [position, point] of shown) {
    const place = at(point);
    const [px, py] = [x(place.x), y(place.y)];
    const colour = colourOf(data, point);
    if (point.isConclusion) plot.append(...cross(point, { x, y, px, py, colour }));
    const mark = svg('circle', {
      class: ['point', colour, point.isConclusion ? '' : 'search', point.isDisturbed ? 'disturbed' : ''].join(' '),
      cx: px,
      cy: py,
      r: point.isConclusion ? 5 : 3.5,
    });
    mark.addEventListener('pointerenter', () => onSelect(position));
    mark.addEventListener('click', () => onSelect(position));
    plot.append(mark);
    if (position === selected) plot.append(svg('circle', { class: 'selected', cx: px, cy: py, r: 9 }));
    if (position === chosen) {
      const r = 12;
      plot.append(
        svg('path', { class: 'chosen', d: `M${px},${py - r}L${px + r},${py}L${px},${py + r}L${px - r},${py}Z` }),
      );
    }
  }
  root.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  root.replaceChildren(clip(), ...axes(region, { x, y }), plot);
}

const clip = (): SVGElement =>
  svg(
    'clipPath',
    { id: 'plot' },
    svg('rect', {
      x: MARGIN.left,
      y: MARGIN.top,
      width: WIDTH - MARGIN.left - MARGIN.right,
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    }),
  );

interface Scale {
  readonly x: (log: number) => number;
  readonly y: (height: number) => number;
}

/** The intervals of recall and median. */
function cross(
  point: PagePoint,
  { x, y, px, py, colour }: Scale & { readonly px: number; readonly py: number; readonly colour: string },
): readonly SVGElement[] {
  const recall = recallOf(point);
  const median = quantile(point, 0.5);
  const lines = [
    svg('line', {
      class: `interval ${colour}`,
      x1: px,
      x2: px,
      y1: y(heightOf(recall.low ?? 0)),
      y2: y(heightOf(recall.high ?? 1)),
    }),
  ];
  if (median !== null && median.low !== null && median.high !== null && median.low > 0) {
    const [x1, x2] = [x(Math.log10(median.low)), x(Math.log10(median.high))];
    lines.push(svg('line', { class: `interval ${colour}`, x1, x2, y1: py, y2: py }));
  }
  return lines;
}

function axes(region: Region, { x, y }: Scale): readonly SVGElement[] {
  const bottom = HEIGHT - MARGIN.bottom;
  const vertical = logTicks(10 ** region.x[0], 10 ** region.x[1]).flatMap((ms) => {
    const px = x(Math.log10(ms));
    return [
      svg('line', { class: 'grid', x1: px, x2: px, y1: MARGIN.top, y2: bottom }),
      svg('text', { x: px, y: bottom + 18, 'text-anchor': 'middle' }, String(ms)),
    ];
  });
  const horizontal = RECALLS.filter(
    (recall) => heightOf(recall) >= region.y[0] && heightOf(recall) <= region.y[1],
  ).flatMap((recall) => {
    const py = y(heightOf(recall));
    return [
      svg('line', { class: 'grid', x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: py, y2: py }),
      svg('text', { x: MARGIN.left - 8, y: py + 4, 'text-anchor': 'end' }, String(recall)),
    ];
  });
  return [
    ...vertical,
    ...horizontal,
    svg('text', { x: (WIDTH + MARGIN.left) / 2, y: HEIGHT - 8, 'text-anchor': 'middle' }, 'median latency, ms'),
    svg('text', { x: 14, y: HEIGHT / 2, 'text-anchor': 'middle', transform: `rotate(-90 14 ${HEIGHT / 2})` }, 'recall'),
  ];
}
