import { describeSettings, describeSpec } from '../../../indexes/index.js';
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
  return [
    '## When the planner ignores the index',
    "PostgreSQL uses the index only while its estimated cost is below that of reading and sorting the whole table. The estimates depend on the search parameter, LIMIT, the selectivity of a filter and the table's size. " +
      '*predicted*: computed for every value by the cost formulas of pgvector and PostgreSQL; *EXPLAIN*: what the server plans on both sides of each change. One value varies at a time; the planner sees no other index.',
    ...maps.flatMap((map) => mapTable(run, map)),
  ].join('\n\n');
}

function mapTable(run: RunView, { request, table: facts, axes }: PlannerMapRecord): readonly string[] {
  const build = run.builds.get(request.build);
  if (!build) return [];
  const rows = axes.map((axis) => [
    axisName(axis),
    axis.predicted === null ? 'not for this version' : stretchesText(axis, axis.predicted),
    `${stretchesText(axis, axis.measured)} (${formatCount(axis.explains)}×)`,
    marginText(axis),
  ]);
  return [
    `${escapeText(describeSpec(build.request.spec))}, ${escapeText(describeSettings(request.settings))}, LIMIT ${request.k}; planned for ${formatCount(facts.rows)} rows, ${formatCount(facts.heapPages)} table pages and ${formatCount(facts.indexPages)} index pages:`,
    table(['', 'predicted', 'EXPLAIN', 'changes'], rows),
  ];
}

const axisName = ({ name, at }: Axis): string =>
  name === 'selectivity' ? 'rows that pass a filter' : `${escapeText(name)} (here ${at})`;

/** A value of the axis, for people. */
const valueText = ({ name }: Axis, value: number): string =>
  name === 'selectivity' ? formatPercent(value / 10_000, 2) : formatCount(value);

const stretchesText = (axis: Axis, stretches: Stretches): string =>
  stretches
    .map(({ from, to, plan }) => `${plan} ${valueText(axis, from)}${to > from ? ` … ${valueText(axis, to)}` : ''}`)
    .join('; ');

/** How far it is from the point of the map to where another plan begins. */
function marginText(axis: Axis): string {
  const here = axis.measured.find(({ from, to }) => from <= axis.at && axis.at <= to);
  if (!here) return '–';
  const nearest = axis.measured.filter(({ to }) => to < here.from).at(-1);
  const next = axis.measured.find(({ from }) => from > here.to);
  const ends = [
    ...(nearest ? [`${nearest.plan} from ${valueText(axis, nearest.to)} downwards`] : []),
    ...(next ? [`${next.plan} from ${valueText(axis, next.from)} upwards`] : []),
  ];
  return ends.length > 0 ? ends.join('; ') : `${here.plan} everywhere`;
}
