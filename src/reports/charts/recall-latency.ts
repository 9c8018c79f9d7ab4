import { latencyQuantile } from '../../analysis/index.js';
import type { EChartsOption } from 'echarts';
import { describeSettings } from '../../indexes/index.js';
import { COLOURS } from './colours.js';
import { choicePoint, type PointView, type RunView } from '../tune/run-view.js';

/**
 * Recall against median latency, one colour an index: up and to the left is better. Points that were measured side by
 * side have their intervals as a cross, and are joined by a line; pale ones were taken one after the other while
 * searching, and their times compare less well. What is below the axis is drawn on it, as a triangle with its recall.
 */
export function recallLatencyChart(run: RunView): EChartsOption {
  const byBuild = [...viewsByBuild(run).values()];
  const target = run.manifest.target?.recall;
  const { names, sections } = run.texts;
  const { charts } = sections;
  const everything = byBuild.flat().map(coordinates);
  const range = recallRange(
    everything.map(([, y]) => y),
    target,
  );
  const series = byBuild.flatMap((views, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? '#000000';
    const name = names.spec(
      views[0]?.build.request.spec ?? { method: 'none', representation: 'vector', parameters: {} },
    );
    const of = (purpose: 'search' | 'confirm') =>
      views.filter(({ point }) => point.request.purpose === purpose).sort((a, b) => knob(a) - knob(b));
    return [
      {
        type: 'line' as const,
        name,
        data: of('confirm').map((view) => markOf(view, range.min)),
        symbol: 'circle',
        symbolSize: 8,
        color: colour,
      },
      {
        type: 'line' as const,
        name,
        data: of('confirm').flatMap(crossOf),
        symbol: 'none',
        lineStyle: { color: colour, width: 1, opacity: 0.6 },
      },
      {
        type: 'scatter' as const,
        name,
        data: of('search').map(coordinates),
        symbolSize: 6,
        itemStyle: { color: colour, opacity: 0.35 },
      },
    ];
  });
  const chosen = run.answer?.kind === 'tune' ? choicePoint(run, run.answer.recommendation) : undefined;
  return {
    title: {
      text: charts.recallLatency,
      subtext: `${run.manifest.dataset.name}, ${run.manifest.server.label}`,
      left: 'center',
    },
    textStyle: { fontFamily: 'sans-serif' },
    legend: {
      orient: 'vertical',
      left: 555,
      top: 'middle',
      itemGap: 12,
      data: legendOf(series, chosen ? [charts.recommended] : []),
    },
    grid: { left: 70, right: 365, top: 70, bottom: 60 },
    xAxis: {
      type: 'log',
      name: charts.medianLatency,
      nameLocation: 'middle',
      nameGap: 30,
      axisLabel: { hideOverlap: true },
      ...decades(everything.map(([x]) => x)),
    },
    yAxis: {
      type: 'value',
      name: charts.recall,
      ...range,
    },
    series: [
      ...series,
      ...(target === undefined ? [] : [targetLine(target, charts.target(target))]),
      ...(chosen?.measured
        ? [
            {
              type: 'scatter' as const,
              name: charts.recommended,
              symbol: 'diamond',
              symbolSize: 20,
              z: 10,
              itemStyle: { color: 'rgba(0, 0, 0, 0)', borderColor: '#000000', borderWidth: 2 },
              data: [{ value: coordinates(chosen) }],
            },
          ]
        : []),
    ],
  };
}

function viewsByBuild(run: RunView): ReadonlyMap<string, readonly PointView[]> {
  const byBuild = new Map<string, PointView[]>();
  const cold = new Set(run.answer?.kind === 'tune' ? run.answer.cold : []);
  for (const point of run.points.values()) {
    const build = run.builds.get(point.request.build);
    // Builds on a subset of the rows are there to choose by; their figures are not those of the table.
    if (!build || !point.measured || build.request.rows !== undefined) continue;
    if (point.fromRun !== undefined || cold.has(point.key)) continue;
    byBuild.set(build.key, [...(byBuild.get(build.key) ?? []), { point, build, measured: point.measured }]);
  }
  return byBuild;
}

const knob = ({ point }: PointView): number => Number(Object.values(point.request.settings)[0] ?? 0);

const coordinates = ({ measured }: PointView): [number, number] => {
  const median = latencyQuantile(measured, 0.5)?.estimate?.value ?? Number.NaN;
  return [Number(median.toPrecision(4)), measured?.recall.mean.value ?? Number.NaN];
};

/** A point at its place; or on the lower end of the axis, with its recall, when it is below. */
function markOf(view: PointView, lowest: number) {
  const [x, y] = coordinates(view);
  const name = describeSettings(view.point.request.settings);
  if (y >= lowest) return { value: [x, y], name };
  const label = { show: true, formatter: y.toFixed(3), position: 'top' as const };
  return { value: [x, lowest], name, symbol: 'triangle', symbolRotate: 180, symbolSize: 10, label };
}

/** The intervals of a point's recall and median, as two lines with nothing between them. */
function crossOf(view: PointView): (number | null)[][] {
  const [x, y] = coordinates(view);
  const { low, high } = view.measured?.recall.mean ?? { low: null, high: null };
  const median = latencyQuantile(view.measured, 0.5)?.estimate;
  const nothing = [null, null];
  return [[x, low], [x, high], nothing, [median?.low ?? null, y], [median?.high ?? null, y], nothing];
}

function legendOf(series: readonly { readonly name: string }[], chosen: readonly string[]): string[] {
  return [...new Set(series.map(({ name }) => name)), ...chosen];
}

/** Room around the points on a logarithmic axis, from one digit to the next. */
function decades(values: readonly number[]): { min: number; max: number } {
  const finite = values.filter((value) => value > 0);
  const down = (value: number): number => {
    const unit = 10 ** Math.floor(Math.log10(value));
    return Math.floor(value / unit) * unit;
  };
  const lowest = Math.min(...finite, 1);
  const highest = Math.max(...finite, lowest);
  return {
    min: Number(down(lowest).toPrecision(1)),
    max: Number((down(highest) + 10 ** Math.floor(Math.log10(highest))).toPrecision(2)),
  };
}

/** From a round number below the points to 1; but one poor point must not press the others against the top. */
function recallRange(
  values: readonly number[],
  target: number | undefined,
): { min: number; max: number; interval: number } {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const low = Math.min(sorted[Math.floor(sorted.length / 10)] ?? 0, target ?? 1);
  const percent = Math.max(0, Math.floor(low * 20 - 0.4) * 5);
  const interval = [1, 2, 5, 10].find((step) => (100 - percent) / step <= 6) ?? 20;
  return { min: (interval * Math.floor(percent / interval)) / 100, max: 1, interval: interval / 100 };
}

const targetLine = (recall: number, label: string) => ({
  type: 'line' as const,
  data: [],
  markLine: {
    silent: true,
    symbol: 'none',
    lineStyle: { color: '#555555', type: 'dashed' as const },
    data: [{ yAxis: recall }],
    label: { formatter: label, position: 'insideStartTop' as const },
  },
});
