import { latencyQuantile } from '../../../analysis/index.js';
import { describeSettings, describeSpec } from '../../../indexes/index.js';
import type { Configuration, PointRecord, ServedByConfiguration, TuneAnswer } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { filteredStrategy } from '../../../workloads/index.js';
import { textOf } from '../../text/index.js';
import { quantileText, recallCell } from '../../text/figures.js';
import { escapeText, list, sqlBlock, table } from '../../text/markdown.js';
import { filterName, optionTitle } from '../filtered/names.js';
import { optionName } from '../hybrid/names.js';
import { describeBuild, latencyHeading, reasonText, type RunView, tuneAnswer } from '../run-view.js';
import { configurationSql } from '../sql/configuration.js';
import { namesText } from '../sql/reader-names.js';
import { transactionCost } from '../transaction-cost.js';

/** The one set of indexes for all workloads, how each is served with all of them visible, and the statements. */
export function configurationSection(run: RunView): string {
  const answer = tuneAnswer(run);
  const configuration = answer?.configuration;
  if (!answer || !configuration) return '';
  return [
    '## One configuration for the table',
    'These indexes exist on the table together. Each workload below was measured again with all of them visible to the planner, and the plan of every query was checked, because an index that is meant for another workload may look cheaper to the planner and return other rows.',
    indexes(run, configuration),
    workloads(run, answer, configuration),
    unserved(run, answer, configuration),
    gains(run, answer, configuration),
    statements(run, answer, configuration),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function indexes(run: RunView, { builds, bytes, writes }: Configuration): string {
  if (builds.length === 0) return 'No index beside the primary key.';
  const rows = builds.flatMap((key) => {
    const build = run.builds.get(key);
    return build
      ? [[escapeText(describeBuild(run, build)), formatBytes(build.index?.bytes ?? 0), formatMs(1000 * build.seconds)]]
      : [];
  });
  const cost = writes === null ? undefined : run.writes.get(writes);
  const added = cost
    ? ` Together they add ${formatBytes(Math.max(0, Math.round(cost.with.walBytes - cost.without.walBytes)))} of WAL and ${formatMs(Math.max(0, cost.with.ms - cost.without.ms))} to the insertion of a row.`
    : '';
  return [table(['index', 'size>', 'build>'], rows), `**${formatBytes(bytes)} in total.**${added}`].join('\n\n');
}

const pointOf = (run: RunView, key: string | null): PointRecord | undefined =>
  key === null ? undefined : (run.points.get(key) ?? run.workloadPoints.get(key));

function workloads(run: RunView, answer: TuneAnswer, { served }: Configuration): string {
  const rows = served.flatMap((one) => {
    const point = pointOf(run, one.point);
    const alone = pointOf(run, one.alone);
    if (!point?.measured) return [];
    return [
      [
        escapeText(workloadName(answer, one)),
        escapeText(`${wayTitle(run, answer, one, point)}${protectionText(answer, one, point)}`),
        recallCell(point.measured.recall.mean, { isExact: isExact(answer, one, point) }),
        quantileText(point.measured, 0.5),
        alone?.measured ? quantileText(alone.measured, 0.5) : '',
        point.measured.buffers.mean.value.toFixed(0),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const headings = [
    'workload',
    'served by',
    'recall [95 %]',
    latencyHeading(run, 'p50 ms'),
    'best alone, p50 ms>',
    'buffers>',
  ];
  return table(headings, rows);
}

/** Whether no vector index has a part in the answer: its recall is no estimate then. */
function isExact({ filtered = [] }: TuneAnswer, { of, option }: ServedByConfiguration, point: PointRecord): boolean {
  if (of.kind === 'plain') return point.measured?.plan.index === null;
  const found = of.kind === 'filtered' ? filtered[of.workload]?.filters[of.filter]?.options[option ?? -1] : undefined;
  return found !== undefined && !filteredStrategy(found.strategy).isApproximate;
}

function workloadName({ filtered = [], hybrid = [] }: TuneAnswer, { of }: ServedByConfiguration): string {
  if (of.kind === 'plain') return 'plain queries';
  if (of.kind === 'hybrid') return hybrid.length > 1 ? `hybrid queries, workload ${of.workload + 1}` : 'hybrid queries';
  const filter = filtered[of.workload]!.filters[of.filter]!;
  return `${filterName(filter)}${filtered.length > 1 ? `, workload ${of.workload + 1}` : ''}`;
}

function wayTitle(
  run: RunView,
  { filtered = [], hybrid = [] }: TuneAnswer,
  { of, option }: ServedByConfiguration,
  { request }: PointRecord,
): string {
  if (of.kind === 'plain') {
    const spec = run.builds.get(request.build)?.request.spec;
    return spec ? `${describeSpec(spec)}${settingsText(request.settings)}` : '';
  }
  if (of.kind === 'filtered') {
    const found = filtered[of.workload]?.filters[of.filter]?.options[option ?? -1];
    if (!found) return '';
    const { iterative_scan: _, ...settings } = request.settings;
    return `${optionTitle(run, found)}${settingsText(filteredStrategy(found.strategy).isApproximate ? settings : {})}`;
  }
  const options = hybrid[of.workload]?.options ?? [];
  const found = options[option ?? -1];
  return found ? `${optionName(run, found, options)}${settingsText(request.settings)}` : '';
}

function settingsText(settings: Parameters<typeof describeSettings>[0]): string {
  const text = describeSettings(settings);
  return text === '–' ? '' : `, ${text}`;
}

/** How the query is kept from the other indexes. */
function protectionText(
  { filtered = [] }: TuneAnswer,
  { of, option }: ServedByConfiguration,
  point: PointRecord,
): string {
  const { workload } = point.request;
  if (!workload.protected) return '';
  if (workload.kind === 'hybrid') {
    return point.measured?.settingsReadBack['enable_sort'] === 'off'
      ? '; kept by enable_sort = off'
      : '; kept by an order that no index has';
  }
  const strategy =
    of.kind === 'filtered' ? filtered[of.workload]?.filters[of.filter]?.options[option ?? -1]?.strategy : undefined;
  const isSetting = strategy !== undefined && filteredStrategy(strategy).protection === 'enable_sort';
  return isSetting ? '; kept by enable_sort = off' : '; kept by a MATERIALIZED query';
}

function unserved(run: RunView, answer: TuneAnswer, { served }: Configuration): string {
  const lines = served.flatMap((one) => {
    if (one.point !== null) return [];
    const last = pointOf(run, one.lost.at(-1) ?? null);
    const bounds = (one.unmet ?? []).map((unmet) => textOf(run.texts.unmet, unmet)).join('; ');
    const why = bounds
      ? `with all of them, ${bounds}.`
      : last?.measured
        ? `recall ${last.measured.recall.mean.value.toFixed(4)}`
        : reasonText(run, last?.reason ?? null);
    return [
      `**${escapeText(workloadName(answer, one))}**: ${escapeText(why || 'no strategy is possible with these indexes.')}`,
    ];
  });
  return lines.length === 0 ? '' : ['Not served with these indexes:', list(lines)].join('\n\n');
}

/** From this ratio of medians on, what a workload would have alone is worth a line. */
const WORTH_SAYING = 1.1;

function gains(run: RunView, answer: TuneAnswer, { served }: Configuration): string {
  const lines = served.flatMap((one) => {
    const [here, alone] = [medianOf(pointOf(run, one.point)), medianOf(pointOf(run, one.alone))];
    if (here === undefined || alone === undefined || here < WORTH_SAYING * alone) return [];
    return [
      `${escapeText(workloadName(answer, one))}: ${alone.toPrecision(3)} ms instead of ${here.toPrecision(3)} ms`,
    ];
  });
  if (lines.length === 0) return 'No workload would be faster by a tenth if it had the table to itself.';
  return ['These workloads would be faster if they had the table to themselves:', list(lines)].join('\n\n');
}

const medianOf = (point: PointRecord | undefined): number | undefined =>
  latencyQuantile(point?.measured, 0.5)?.estimate?.value;

/** What the settings of a query cost beside it, where that is much. */
function costOf(run: RunView, { point }: ServedByConfiguration): readonly string[] {
  const cost = transactionCost(pointOf(run, point)?.measured ?? null);
  return cost?.isWorthSparing ? [`${cost.text} A function with the same \`SET\` clauses needs one round trip.`] : [];
}

function statements(run: RunView, answer: TuneAnswer, configuration: Configuration): string {
  const sql = configurationSql(run, configuration);
  if (!sql) return '';
  return [
    '### Apply it',
    ...(sql.build.length > 0
      ? [
          `${namesText(run.manifest.dataset.table, 'Replace the names of the table and its columns with yours.')}Build in a separate session:`,
          sqlBlock(sql.build),
        ]
      : []),
    'Each query sets its parameters inside its own transaction; `$1` is its vector, `$2` … are its other values:',
    ...sql.workloads.map(({ served, query }) =>
      [`**${escapeText(workloadName(answer, served))}**`, sqlBlock(query), ...costOf(run, served)].join('\n\n'),
    ),
    'Check the plans, and that the indexes are valid:',
    sqlBlock([...sql.workloads.flatMap(({ check }) => check), ...sql.check]),
    ...(sql.undo.length > 0 ? ['Undo:', sqlBlock(sql.undo)] : []),
  ].join('\n\n');
}
