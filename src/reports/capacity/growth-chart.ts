import type { EChartsOption } from 'echarts';
import { type GrowthFigure, measuredFigure } from '../../capacity/index.js';
import type { CapacityView } from './capacity-plan.js';

interface Panel {
  readonly figure: keyof CapacityView['texts']['sections']['capacity']['panels'] & GrowthFigure;
  /** To the unit of the axis. */
  readonly scale: number;
}

const GB = 1024 ** 3;
const PANELS: readonly Panel[] = [
  { figure: 'indexBytes', scale: 1 / GB },
  { figure: 'buildSeconds', scale: 1 },
  { figure: 'buffers', scale: 1 },
  { figure: 'p50Ms', scale: 1 },
];

/** Four panels against rows, both axes logarithmic: the law, its 90 % interval, and the measured sizes on it. */
export function growthChart({ facts, plan, manifest, texts }: CapacityView): EChartsOption {
  const { capacity, words } = texts.sections;
  const drawn = PANELS.filter(({ figure }) => plan.laws.some((law) => law.figure === figure));
  const positions = [
    { left: 80, top: 60 },
    { left: 530, top: 60 },
    { left: 80, top: 300 },
    { left: 530, top: 300 },
  ];
  const rounded = (value: number): number => Number(value.toPrecision(4));
  const lineOf = (panel: number, pairs: readonly (readonly [number, number])[], dashed: boolean) => ({
    type: 'line' as const,
    xAxisIndex: panel,
    yAxisIndex: panel,
    showSymbol: false,
    color: '#5470c6',
    lineStyle: { type: dashed ? ('dashed' as const) : ('solid' as const), width: dashed ? 1 : 2 },
    data: pairs.map(([x, y]) => [x, rounded(y)]),
  });
  return {
    title: {
      text: capacity.chart,
      subtext: `${manifest.dataset.name}, ${manifest.server.label}`,
      left: 'center',
    },
    grid: drawn.map((_, i) => ({ ...positions[i]!, width: 330, height: 160 })),
    xAxis: drawn.map((_, gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      name: words.rows,
      nameLocation: 'middle' as const,
      nameGap: 26,
    })),
    yAxis: drawn.map(({ figure }, gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      name: capacity.panels[figure],
      nameLocation: 'middle' as const,
      nameGap: 52,
    })),
    series: drawn.flatMap(({ figure, scale }, panel) => {
      const horizons = plan.horizons.flatMap(({ rows, figures }) => {
        const predicted = figures[figure];
        return predicted ? [{ rows, ...predicted }] : [];
      });
      const points = facts.points.flatMap((point) => {
        const value = measuredFigure(figure, point);
        return value === null ? [] : [[point.rows, rounded(value * scale)]];
      });
      return [
        lineOf(
          panel,
          horizons.map(({ rows, value }) => [rows, value * scale]),
          false,
        ),
        lineOf(
          panel,
          horizons.map(({ rows, low }) => [rows, low * scale]),
          true,
        ),
        lineOf(
          panel,
          horizons.map(({ rows, high }) => [rows, high * scale]),
          true,
        ),
        {
          type: 'scatter' as const,
          xAxisIndex: panel,
          yAxisIndex: panel,
          symbolSize: 9,
          color: '#ee6666',
          data: points,
        },
      ];
    }),
  };
}
