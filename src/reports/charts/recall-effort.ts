import type { EChartsOption } from 'echarts';
import { describeSpec } from '../../indexes/index.js';
import type { Choice, Estimate } from '../../results/index.js';
import { choicePoint, type PointView, type RunView, tuneAnswer } from '../tune/run-view.js';
import { COLOURS } from './colours.js';

/** Half a neighbour of all that were asked for is lost where none was: 1 has no place on the axis. */
const LEAST_MISS = 0.5;
/** No target misses less. */
const LEAST_SHOWN = 1e-6;
/** What misses this many times as much as the target allows decides nothing. */
const FARTHEST = 3;
/** What costs this many times the recommendation decides nothing either. */
const MOST_EFFORT = 4;

/** A setting of an index, measured on all rows with the most queries that it was asked. */
interface Mark {
  readonly view: PointView;
  readonly effort: number;
  readonly recall: Estimate;
  /** Of all neighbours asked for, the share of one half. */
  readonly least: number;
}

/**
 * Recall against buffers per query about the decision: each index is a curve with the values of its setting and the band
 * of its intervals. Recall is drawn by what is missing to 1, on a logarithmic scale: from 0.98 to 0.99 is as far as from
 * 0.99 to 0.995. Marked are the target, the recommendation, and the cheapest setting that reaches the target on average.
 */
export function recallEffortChart(run: RunView): EChartsOption {
  const { charts } = run.texts.sections;
  const answer = tuneAnswer(run);
  const target = answer?.target.recall ?? 0;
  const chosen = markOfChoice(run, answer?.recommendation ?? null);
  const price = answer?.confidencePrice;
  const cheapest = price?.code === 'costs' ? markOfChoice(run, price.data.cheapest) : null;
  const curves = curvesOf(run)
    .map((marks) => marks.filter((mark) => isNear(mark, { target, chosen })))
    .filter((marks) => marks.length > 0);
  const heights = [...curves.flat().map(heightOf), heightAt(target, LEAST_SHOWN)];
  const efforts = curves.flat().map(({ effort }) => effort);
  return {
    title: {
      text: charts.recallEffort,
      subtext: `${run.manifest.dataset.name}, ${run.manifest.server.label}`,
      left: 'center',
    },
    textStyle: { fontFamily: 'sans-serif' },
    legend: { bottom: 8, itemGap: 36, textStyle: { fontSize: 11 }, data: curves.map(nameOf) },
    grid: { left: 80, right: 40, top: 70, bottom: 110 },
    xAxis: {
      type: 'log',
      name: charts.buffers,
      nameLocation: 'middle',
      nameGap: 30,
      min: Math.floor(0.9 * Math.min(...efforts)),
      max: Math.ceil(1.1 * Math.max(...efforts)),
      axisLabel: { showMinLabel: true, showMaxLabel: true, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      name: charts.recall,
      min: Math.floor(10 * Math.min(...heights)) / 10 - 0.1,
      max: Math.ceil(10 * Math.max(...heights)) / 10 + 0.1,
      interval: 0.2,
      axisLabel: { formatter: recallText, showMinLabel: false, showMaxLabel: false },
    },
    series: [
      ...curves.flatMap((marks, i) => curveOf(marks, COLOURS[i % COLOURS.length] ?? '#000000')),
      targetLine(target, charts.target(target)),
      ...(chosen ? [symbol(chosen, { name: charts.recommended, shape: 'diamond' })] : []),
      ...(cheapest ? [symbol(cheapest, { name: charts.onAverage, shape: 'triangle' })] : []),
      ...(chosen && cheapest ? [arrow(cheapest, chosen)] : []),
    ],
  };
}

/** Digits of the recall that are nines: 0.99 is at 2. */
const heightAt = (recall: number, least: number): number => -Math.log10(Math.max(1 - recall, least));
const heightOf = ({ recall, least }: Mark): number => heightAt(recall.value, least);

const recallText = (height: number): string => (1 - 10 ** -height).toFixed(Math.max(2, Math.ceil(height) + 1));

const nameOf = ([first]: readonly Mark[]): string => (first ? describeSpec(first.view.build.request.spec) : '');

/** About the decision, on an index of the method recommended: buffers of one are not those of another. */
function isNear(
  { effort, recall, view }: Mark,
  { target, chosen }: { readonly target: number; readonly chosen: Mark | null },
): boolean {
  if (!chosen || methodOf(view) !== methodOf(chosen.view)) return false;
  return 1 - recall.value <= FARTHEST * (1 - target) && effort <= MOST_EFFORT * chosen.effort;
}

const methodOf = ({ build }: PointView): string => build.request.spec.method;

/** Of each index, by effort, the settings with the most queries. */
function curvesOf(run: RunView): readonly (readonly Mark[])[] {
  const byBuild = new Map<string, Map<string, Mark>>();
  for (const point of run.points.values()) {
    const build = run.builds.get(point.request.build);
    const { measured } = point;
    // The exact scan has no curve, and a subset of the rows another one.
    if (!build?.index || !measured || build.request.rows !== undefined || point.fromRun !== undefined) continue;
    const curve = byBuild.get(build.key) ?? new Map<string, Mark>();
    byBuild.set(build.key, curve);
    const setting = JSON.stringify(point.request.settings);
    const known = curve.get(setting);
    if (known?.view.measured && known.view.measured.recall.queries >= measured.recall.queries) continue;
    curve.set(setting, markOf({ point, build, measured }, measured));
  }
  return [...byBuild.values()].map((curve) => {
    const marks = [...curve.values()].sort((a, b) => a.effort - b.effort);
    // Other queries are another sample: what few were asked does not lie on the curve of the many.
    const most = Math.max(...marks.map(queriesOf));
    return marks.filter((mark) => 2 * queriesOf(mark) > most);
  });
}

const queriesOf = ({ view }: Mark): number => view.point.request.queries;

const markOf = (view: PointView, { buffers, recall }: NonNullable<PointView['measured']>): Mark => ({
  view,
  effort: Number(buffers.mean.value.toPrecision(4)),
  recall: recall.mean,
  least: LEAST_MISS / (recall.queries * view.point.request.workload.k),
});

function markOfChoice(run: RunView, choice: Choice | null): Mark | null {
  const view = choicePoint(run, choice);
  return view?.measured && view.build.index ? markOf(view, view.measured) : null;
}

/** Points joined and labelled by their setting, over the band of their intervals. */
function curveOf(marks: readonly Mark[], colour: string) {
  const name = nameOf(marks);
  const low = ({ recall, least }: Mark): number => heightAt(recall.low ?? recall.value, least);
  const high = ({ recall, least }: Mark): number => heightAt(recall.high ?? recall.value, least);
  const band = { type: 'line' as const, symbol: 'none', silent: true, stack: name, color: colour };
  return [
    { ...band, data: marks.map((mark) => [mark.effort, low(mark)]), lineStyle: { opacity: 0 } },
    {
      ...band,
      data: marks.map((mark) => [mark.effort, high(mark) - low(mark)]),
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour, opacity: 0.1 },
    },
    {
      type: 'line' as const,
      name,
      data: marks.map((mark) => ({ value: [mark.effort, heightOf(mark)], name: settingOf(mark) })),
      symbol: 'circle',
      symbolSize: 6,
      color: colour,
      label: { show: true, position: 'bottom' as const, fontSize: 10, color: colour, formatter: '{b}' },
      labelLayout: { hideOverlap: true },
    },
  ];
}

const settingOf = ({ view }: Mark): string => String(Object.values(view.point.request.settings)[0] ?? '');

const targetLine = (recall: number, label: string) => ({
  type: 'line' as const,
  data: [],
  markLine: {
    silent: true,
    symbol: 'none',
    lineStyle: { color: '#555555', type: 'dashed' as const },
    data: [{ yAxis: heightAt(recall, LEAST_SHOWN) }],
    label: { formatter: label, position: 'insideStartTop' as const },
  },
});

const symbol = (mark: Mark, { name, shape }: { readonly name: string; readonly shape: string }) => ({
  type: 'scatter' as const,
  symbol: shape,
  symbolSize: 18,
  z: 10,
  itemStyle: { color: 'rgba(0, 0, 0, 0)', borderColor: '#000000', borderWidth: 2 },
  data: [{ value: [mark.effort, heightOf(mark)] }],
  label: { show: true, position: 'top' as const, formatter: name, color: '#000000' },
});

/** From what reaches the target on average to what is shown to: the price of the confidence. */
const arrow = (from: Mark, to: Mark) => ({
  type: 'line' as const,
  data: [],
  markLine: {
    silent: true,
    symbol: ['none', 'arrow'],
    lineStyle: { color: '#000000', width: 1, type: 'solid' as const },
    label: { formatter: `× ${(to.effort / from.effort).toFixed(2)}`, position: 'middle' as const },
    data: [[{ coord: [from.effort, heightOf(from)] }, { coord: [to.effort, heightOf(to)] }] as never],
  },
});
