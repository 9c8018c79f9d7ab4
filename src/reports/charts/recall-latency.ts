import type { EChartsOption } from 'echarts';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import { choicePoint, type PointView, type RunView } from '../run-view.js';

/** Recall against median latency, one line an index: up and to the left is better. */
export function recallLatencyChart(run: RunView): EChartsOption {
  const byBuild = new Map<string, PointView[]>();
  for (const point of run.points.values()) {
    const build = run.builds.get(point.request.build);
    if (build && point.measured)
      byBuild.set(build.key, [...(byBuild.get(build.key) ?? []), { point, build, measured: point.measured }]);
  }
  const lines = [...byBuild.values()].map((views) => ({
    type: 'line' as const,
    name: describeSpec(views[0]?.build.request.spec ?? { method: 'none', storage: 'vector', parameters: {} }),
    symbolSize: 6,
    data: bestPerSettings(views)
      .map((view) => ({ value: coordinates(view), name: describeSettings(view.point.request.settings) }))
      .sort((a, b) => (a.value[0] ?? 0) - (b.value[0] ?? 0)),
  }));
  const target = run.manifest.target?.recall;
  const chosen = run.answer?.kind === 'tune' ? choicePoint(run, run.answer.recommendation) : undefined;
  return {
    title: {
      text: 'Recall and median latency',
      subtext: `${run.manifest.dataset.name}, ${run.manifest.server.label}`,
      left: 'center',
    },
    legend: { bottom: 0, type: 'plain' },
    grid: { left: 70, right: 40, top: 70, bottom: 110 },
    xAxis: { type: 'log', name: 'median latency, ms', nameLocation: 'middle', nameGap: 28, minorTick: { show: true } },
    yAxis: { type: 'value', name: 'recall', min: lowestRecall(lines), max: 1 },
    series: [
      ...lines,
      ...(target === undefined ? [] : [targetLine(target)]),
      ...(chosen?.measured
        ? [
            {
              type: 'scatter' as const,
              name: 'recommended',
              symbol: 'diamond',
              symbolSize: 18,
              z: 10,
              data: [coordinates(chosen)],
            },
          ]
        : []),
    ],
  };
}

const median = ({ measured }: PointView): number =>
  measured?.latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value ?? Number.NaN;

const coordinates = (view: PointView): [number, number] => [
  Number(median(view).toPrecision(4)),
  view.measured?.recall.mean.value ?? Number.NaN,
];

/** A point measured side by side replaces the one from the search with the same settings. */
function bestPerSettings(views: readonly PointView[]): readonly PointView[] {
  const bySettings = new Map<string, PointView>();
  for (const view of views) {
    const key = JSON.stringify(view.point.request.settings);
    if (!bySettings.has(key) || view.point.request.purpose === 'confirm') bySettings.set(key, view);
  }
  return [...bySettings.values()];
}

/** Room below the lowest point, on a round number. */
function lowestRecall(lines: readonly { readonly data: readonly { readonly value: readonly number[] }[] }[]): number {
  const lowest = Math.min(1, ...lines.flatMap(({ data }) => data.map(({ value }) => value[1] ?? 1)));
  return Math.max(0, Math.floor(lowest * 20) / 20);
}

const targetLine = (recall: number) => ({
  type: 'line' as const,
  name: `target ${recall}`,
  data: [],
  markLine: { silent: true, symbol: 'none', data: [{ yAxis: recall }], label: { formatter: `target ${recall}` } },
});
