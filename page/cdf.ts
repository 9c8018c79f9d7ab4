import { decodeFloat32 } from '../src/analysis/estimates/samples.js';
import type { PageData } from '../src/reports/page/data.js';
import { colourOf } from './pareto.js';
import { logTicks, svg } from './svg.js';

const WIDTH = 860;
const HEIGHT = 260;
const MARGIN = { left: 64, right: 16, top: 12, bottom: 48 };
/** Steps of a curve. */
const STEPS = 200;

/** The share of queries that took at most so long, for some points. @returns how many of them could be drawn */
export function drawCdf(root: SVGSVGElement, data: PageData, positions: readonly number[]): number {
  const curves = positions.flatMap((position) => {
    const point = data.points[position]!;
    const samples = decodeFloat32(point.record.measured!.samples.latencyMs).sort();
    return samples.length === 0 ? [] : [{ samples, colour: colourOf(data, point) }];
  });
  root.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  root.replaceChildren();
  if (curves.length === 0) return 0;
  const low = Math.min(...curves.map(({ samples }) => samples[0]!)) * 0.9;
  const high = Math.max(...curves.map(({ samples }) => samples.at(-1)!)) * 1.1;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (ms: number): number =>
    MARGIN.left + (Math.log(ms / low) / Math.log(high / low)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (share: number): number => bottom - share * (bottom - MARGIN.top);
  for (const ms of logTicks(low, high)) {
    root.append(
      svg('line', { class: 'grid', x1: x(ms), x2: x(ms), y1: MARGIN.top, y2: bottom }),
      svg('text', { x: x(ms), y: bottom + 18, 'text-anchor': 'middle' }, String(ms)),
    );
  }
  for (const share of [0, 0.5, 0.95]) {
    root.append(
      svg('line', { class: 'grid', x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(share), y2: y(share) }),
      svg('text', { x: MARGIN.left - 8, y: y(share) + 4, 'text-anchor': 'end' }, `${100 * share} %`),
    );
  }
  for (const { samples, colour } of curves) {
    const path = Array.from({ length: STEPS + 1 }, (_, i) => {
      const share = i / STEPS;
      const ms = samples[Math.min(samples.length - 1, Math.floor(share * samples.length))]!;
      return `${i === 0 ? 'M' : 'L'}${x(ms).toFixed(1)},${y(share).toFixed(1)}`;
    });
    root.append(svg('path', { class: `curve ${colour}`, d: path.join('') }));
  }
  root.append(svg('text', { x: (WIDTH + MARGIN.left) / 2, y: HEIGHT - 8, 'text-anchor': 'middle' }, 'latency, ms'));
  return curves.length;
}
