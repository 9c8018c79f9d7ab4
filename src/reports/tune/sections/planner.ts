import { describeSettings } from '../../../indexes/index.js';
import type { PlannerMapRecord } from '../../../results/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';

type Axis = PlannerMapRecord['axes'][number];
type Stretches = Axis['measured'];

/** Where the planner takes the index of a build and where it does not: by the cost model, and by EXPLAIN. */
export function plannerSection(run: RunView): string {
  const maps = [...run.plannerMaps.values()];
  if (maps.length === 0) return '';
  const { planner } = run.texts.sections;
  return [`## ${planner.heading}`, planner.intro, ...maps.flatMap((map) => mapTable(run, map))].join('\n\n');
}

function mapTable(run: RunView, { request, table: facts, axes }: PlannerMapRecord): readonly string[] {
  const build = run.builds.get(request.build);
  if (!build) return [];
  const { names, sections } = run.texts;
  const { planner } = sections;
  const rows = axes.map((axis) => [
    axisName(planner, axis),
    axis.predicted === null ? planner.notPredicted : stretchesText(planner, axis, axis.predicted),
    `${stretchesText(planner, axis, axis.measured)} (${formatCount(axis.explains)}×)`,
    marginText(planner, axis),
  ]);
  const what = `${escapeText(names.spec(build.request.spec))}, ${escapeText(describeSettings(request.settings))}`;
  return [
    planner.plannedFor(what, { ...facts, k: request.k }),
    table(['', planner.predicted, 'EXPLAIN', planner.changes], rows),
  ];
}

type Texts = RunView['texts']['sections']['planner'];

const axisName = (texts: Texts, { name, at }: Axis): string =>
  name === 'selectivity' ? texts.selectivity : texts.here(escapeText(name), at);

/** A value of the axis, for people. */
const valueText = ({ name }: Axis, value: number): string =>
  name === 'selectivity' ? formatPercent(value / 10_000, 2) : formatCount(value);

const stretchesText = ({ plans }: Texts, axis: Axis, stretches: Stretches): string =>
  stretches
    .map(
      ({ from, to, plan }) => `${plans[plan]} ${valueText(axis, from)}${to > from ? ` … ${valueText(axis, to)}` : ''}`,
    )
    .join('; ');

/** How far it is from the point of the map to where another plan begins. */
function marginText({ plans, downwards, upwards, everywhere }: Texts, axis: Axis): string {
  const here = axis.measured.find(({ from, to }) => from <= axis.at && axis.at <= to);
  if (!here) return '–';
  const nearest = axis.measured.filter(({ to }) => to < here.from).at(-1);
  const next = axis.measured.find(({ from }) => from > here.to);
  const ends = [
    ...(nearest ? [downwards(plans[nearest.plan], valueText(axis, nearest.to))] : []),
    ...(next ? [upwards(plans[next.plan], valueText(axis, next.from))] : []),
  ];
  return ends.length > 0 ? ends.join('; ') : everywhere(plans[here.plan]);
}
