import { latencyQuantile } from '../../analysis/index.js';
import type { EChartsOption } from 'echarts';
import { indexKind } from '../../indexes/index.js';
import type { FilteredAnswer, FilterOption } from '../../results/index.js';
import type { RunView } from '../tune/run-view.js';
import { COLOURS } from './colours.js';

/** There may be more strategies than a chart has indexes. */
const STRATEGY_COLOURS = [...COLOURS, '#000000', '#c0a000'];

/**
 * Median latency of each strategy that reaches the target, by the selectivity of the filter: a panel for each correlation
 * that was asked for, one colour a strategy. The lowest line is the one to take; a ring marks it, and a dashed line where
 * that changes, in the middle of its interval.
 */
export function filteredStrategiesChart(run: RunView, { filters, recall, crossovers }: FilteredAnswer): EChartsOption {
  const { charts } = run.texts.sections;
  const onGrid = filters.flatMap((filter) => (filter.cell ? [{ ...filter, cell: filter.cell }] : []));
  const correlations = [...new Set(onGrid.map(({ cell }) => cell.correlation))].sort((a, b) => a - b);
  const titles = [...new Set(filters.flatMap(({ options }) => options.map(nameOf)))];
  const drawn = titles.filter((title) =>
    onGrid.some(({ options }) => options.some((option) => nameOf(option) === title && option.outcome === 'reaches')),
  );
  const points = onGrid.flatMap(({ cell, achieved, options, best }) =>
    options.flatMap((option, position) => {
      const { outcome, point } = option;
      const measured = point === null ? undefined : run.workloadPoints.get(point)?.measured;
      const median = latencyQuantile(measured, 0.5)?.estimate?.value;
      if (outcome !== 'reaches' || median === undefined) return [];
      const value: [number, number] = [
        Number((100 * achieved.selectivity).toPrecision(3)),
        Number(median.toPrecision(3)),
      ];
      return [
        { panel: correlations.indexOf(cell.correlation), title: nameOf(option), value, isBest: position === best },
      ];
    }),
  );
  const width = Math.floor(780 / Math.max(1, correlations.length));
  const range = (axis: 0 | 1): { min: number; max: number } => {
    const values = points.map(({ value }) => value[axis]);
    return {
      min: 10 ** Math.floor(Math.log10(Math.min(...values, 1))),
      max: 10 ** Math.ceil(Math.log10(Math.max(...values, 1))),
    };
  };
  const panels = correlations.map((_, panel) => panel);
  const [least, most] = [range(0).min, range(0).max];
  const percent = (share: number | null, otherwise: number): number =>
    share === null ? otherwise : Math.min(most, Math.max(least, 100 * share));
  const changesIn = (panel: number) =>
    crossovers
      .filter(({ correlation }) => correlation === correlations[panel])
      .map(({ selectivity: { value, low, high } }) => ({
        at: percent(value, least),
        from: percent(low, least),
        to: percent(high, most),
      }));
  return {
    title: [
      {
        text: charts.filtered(recall),
        subtext: `${run.manifest.dataset.name}, ${run.manifest.server.label}; ${charts.filteredLegend}`,
        left: 'center',
      },
      ...correlations.map((correlation, panel) => ({
        text: charts.correlation(correlation),
        left: 70 + panel * (width + 20) + width / 3,
        top: 62,
        textStyle: { fontSize: 13 },
      })),
    ],
    textStyle: { fontFamily: 'sans-serif' },
    legend: { bottom: 0, type: 'plain', data: drawn, itemGap: 26, textStyle: { fontSize: 11 } },
    grid: panels.map((panel) => ({ left: 60 + panel * (width + 20), width: width - 30, top: 90, bottom: 150 })),
    xAxis: panels.map((gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      name: charts.matchingRows,
      nameLocation: 'middle' as const,
      nameGap: 28,
      ...range(0),
    })),
    yAxis: panels.map((gridIndex) => ({
      type: 'log' as const,
      gridIndex,
      name: gridIndex === 0 ? charts.medianLatency : '',
      nameTextStyle: { align: 'left' as const, padding: [0, 0, 0, -30] },
      ...range(1),
    })),
    series: [
      ...drawn.flatMap((title, i) =>
        panels.map((panel) => ({
          type: 'line' as const,
          name: title,
          xAxisIndex: panel,
          yAxisIndex: panel,
          symbol: 'circle',
          symbolSize: 7,
          color: STRATEGY_COLOURS[i % STRATEGY_COLOURS.length]!,
          data: points
            .filter((point) => point.panel === panel && point.title === title)
            .map(({ value }) => value)
            .sort(([a], [b]) => a - b),
        })),
      ),
      ...panels.map((panel) => ({
        type: 'scatter' as const,
        xAxisIndex: panel,
        yAxisIndex: panel,
        symbolSize: 16,
        z: 10,
        itemStyle: { color: 'rgba(0, 0, 0, 0)', borderColor: '#000000', borderWidth: 2 },
        data: points.filter((point) => point.panel === panel && point.isBest).map(({ value }) => value),
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { type: 'dashed' as const, color: '#5f6b7a' },
          label: {
            position: 'insideEndTop' as const,
            fontSize: 10,
            formatter: ({ value }: { value: unknown }) => `${Number(Number(value).toPrecision(2))} %`,
          },
          data: changesIn(panel).map(({ at }) => ({ xAxis: at })),
        },
        markArea: {
          silent: true,
          itemStyle: { color: 'rgba(95, 107, 122, 0.12)' },
          data: changesIn(panel).map(({ from, to }) => [{ xAxis: from }, { xAxis: to }] as [object, object]),
        },
      })),
    ],
  };
}

/** The strategy's name, short enough for a legend, with the kind of its vector index. */
const nameOf = ({ strategy, spec }: FilterOption): string =>
  spec.method === 'none' ? strategy : `${strategy}, ${indexKind(spec.method).title}`;
