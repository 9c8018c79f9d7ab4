import type { EChartsOption } from 'echarts';
import { latencyQuantile, sortOutLoads } from '../../analysis/index.js';
import { describeSettings } from '../../indexes/index.js';
import type { ThroughputFigures } from '../../results/index.js';
import type { RunView } from '../tune/run-view.js';

interface Line {
  readonly name: string;
  /** By number of clients. */
  readonly figures: ReadonlyMap<number, ThroughputFigures>;
}

/** Queries a second, and their 95th percentile of latency, by the number of clients; one line an index and settings. */
export function throughputChart(run: RunView): EChartsOption {
  const lines = closedLoops(run);
  const { charts } = run.texts.sections;
  const clients = [...new Set(lines.flatMap(({ figures }) => [...figures.keys()]))].sort((a, b) => a - b);
  const series = (panel: number, valueOf: (figures: ThroughputFigures) => number | null) =>
    lines.map(({ name, figures }, i) => ({
      type: 'line' as const,
      name,
      xAxisIndex: panel,
      yAxisIndex: panel,
      symbolSize: 8,
      // The same colour on both sides, though they are two series.
      color: COLOURS[i % COLOURS.length]!,
      data: clients.map((count) => {
        const found = figures.get(count);
        return found ? valueOf(found) : null;
      }),
    }));
  const xAxis = (gridIndex: number) => ({
    type: 'category' as const,
    gridIndex,
    data: clients.map(String),
    name: charts.clients,
    nameLocation: 'middle' as const,
    nameGap: 28,
  });
  const yAxis = (gridIndex: number, name: string) => ({
    type: 'value' as const,
    gridIndex,
    name,
    nameLocation: 'middle' as const,
    nameGap: 52,
    min: 0,
  });
  return {
    title: {
      text: charts.throughput,
      subtext: `${run.manifest.dataset.name}, ${run.manifest.server.label}`,
      left: 'center',
    },
    legend: { bottom: 0, type: 'plain' },
    grid: [
      { left: 80, width: 340, top: 70, bottom: 110 },
      { left: 520, width: 340, top: 70, bottom: 110 },
    ],
    xAxis: [xAxis(0), xAxis(1)],
    yAxis: [yAxis(0, charts.queriesPerSecond), yAxis(1, charts.p95)],
    series: [
      ...series(0, ({ ratePerSecond }) => Number(ratePerSecond.value.toPrecision(4))),
      ...series(1, (figures) => p95(figures)),
    ],
  };
}

/** ECharts' own first colours. */
const COLOURS = ['#5470c6', '#91cc75', '#fac858', '#ee6666', '#73c0de', '#3ba272', '#fc8452', '#9a60b4', '#ea7ccc'];

/** True when there is something to draw: a line needs two numbers of clients. */
export const hasThroughputChart = (run: RunView): boolean => closedLoops(run).some(({ figures }) => figures.size > 1);

function closedLoops(run: RunView): readonly Line[] {
  const lines = new Map<string, Map<number, ThroughputFigures>>();
  for (const { request, measured } of sortOutLoads([...run.throughputs.values()]).counting) {
    const build = run.builds.get(request.build);
    if (!build || !measured || request.mode.kind !== 'closed') continue;
    const name = `${run.texts.names.spec(build.request.spec)}, ${describeSettings(request.settings)}`;
    const figures = lines.get(name) ?? new Map<number, ThroughputFigures>();
    lines.set(name, figures.set(request.mode.concurrency, measured));
  }
  return [...lines].map(([name, figures]) => ({ name, figures }));
}

function p95(figures: ThroughputFigures): number | null {
  const estimate = latencyQuantile(figures, 0.95)?.estimate;
  return estimate ? Number(estimate.value.toPrecision(4)) : null;
}
