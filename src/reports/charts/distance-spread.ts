import type { EChartsOption } from 'echarts';
import type { Metric } from '../../vocabulary.js';

/** Percentiles 0, 1 … 100 of three kinds of distances, as the metric gives them. */
export interface DistanceSpread {
  readonly metric: Metric;
  readonly nearest: readonly number[];
  readonly tenth: readonly number[];
  readonly any: readonly number[];
}

const AXIS: Readonly<Record<Metric, string>> = {
  l2: 'Euclidean distance (<->)',
  ip: 'negative inner product (<#>)',
  cosine: 'cosine distance (<=>)',
  l1: 'taxicab distance (<+>)',
  hamming: 'Hamming distance (<~>)',
  jaccard: 'Jaccard distance (<%>)',
};

/** Which share of the points has a neighbour within a distance: the further the curves lie apart, the easier the search. */
export function distanceSpreadChart(name: string, { metric, nearest, tenth, any }: DistanceSpread): EChartsOption {
  const line = (label: string, percentiles: readonly number[], color: string) => ({
    type: 'line' as const,
    name: label,
    showSymbol: false,
    color,
    data: percentiles.map((distance, p) => [Number(distance.toPrecision(4)), p / 100]),
  });
  return {
    title: { text: 'Distances', subtext: name, left: 'center' },
    textStyle: { fontFamily: 'sans-serif' },
    legend: { bottom: 0, itemGap: 40 },
    grid: { left: 70, right: 40, top: 70, bottom: 80 },
    xAxis: { type: 'value', name: AXIS[metric], nameLocation: 'middle', nameGap: 28, scale: true },
    yAxis: { type: 'value', name: 'share of points', min: 0, max: 1 },
    series: [
      line('to the nearest', nearest, '#1f5a9e'),
      line('to the tenth nearest', tenth, '#3d8f5f'),
      line('to any other', any, '#8a6d3b'),
    ],
  };
}
