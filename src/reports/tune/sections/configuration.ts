import { latencyQuantile } from '../../../analysis/index.js';
import { describeSettings } from '../../../indexes/index.js';
import type {
  Configuration,
  Estimate,
  Measured,
  PointRecord,
  ServedByConfiguration,
  TuneAnswer,
} from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { filteredStrategy } from '../../../workloads/index.js';
import { textOf } from '../../text/index.js';
import { buffersText, quantileMsText, quantileText, recallCell } from '../../text/figures.js';
import { escapeText, list, sqlBlock, table } from '../../text/markdown.js';
import { filterName, optionTitle } from '../filtered/names.js';
import { optionName } from '../hybrid/names.js';
import { describeBuild, latencyHeading, reasonText, type RunView, tuneAnswer } from '../run-view.js';
import { configurationSql } from '../sql/configuration.js';
import { namesText } from '../sql/reader-names.js';
import { settingsCost } from '../transaction-cost.js';

/** The one set of indexes for all workloads, how each is served with all of them visible, and the statements. */
export function configurationSection(run: RunView): string {
  const answer = tuneAnswer(run);
  const configuration = answer?.configuration;
  if (!answer || !configuration) return '';
  const { configuration: texts } = run.texts.sections;
  return [
    `## ${texts.heading}`,
    texts.intro,
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
  const { words, configuration: texts } = run.texts.sections;
  if (builds.length === 0) return texts.noIndex;
  const rows = builds.flatMap((key) => {
    const build = run.builds.get(key);
    return build
      ? [[escapeText(describeBuild(run, build)), formatBytes(build.index?.bytes ?? 0), formatMs(1000 * build.seconds)]]
      : [];
  });
  const cost = writes === null ? undefined : run.writes.get(writes);
  const added = cost
    ? {
        walBytes: Math.max(0, Math.round(cost.with.walBytes - cost.without.walBytes)),
        ms: Math.max(0, cost.with.ms - cost.without.ms),
      }
    : null;
  const headings = [words.index, `${words.size}>`, `${words.build}>`];
  return [table(headings, rows), texts.total(bytes, added)].join('\n\n');
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
        escapeText(workloadName(run, answer, one)),
        escapeText([wayTitle(run, answer, one, point), ...protection(run, answer, one, point)].join('; ')),
        recallCell(run, point.measured.recall.mean, { isExact: isExact(answer, one, point) }),
        quantileText(run, point.measured, 0.5),
        alone?.measured ? quantileText(run, alone.measured, 0.5) : '',
        buffersText(point.measured.buffers),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const { words, configuration: texts } = run.texts.sections;
  const headings = [
    texts.workload,
    texts.servedBy,
    words.recall,
    latencyHeading(run, 'p50 ms'),
    `${texts.bestAlone}>`,
    `${words.buffersPerQuery}>`,
  ];
  return table(headings, rows);
}

/** Whether no vector index has a part in the answer: its recall is no estimate then. */
function isExact({ filtered = [] }: TuneAnswer, { of, option }: ServedByConfiguration, point: PointRecord): boolean {
  if (of.kind === 'plain') return point.measured?.plan.index === null;
  const found = of.kind === 'filtered' ? filtered[of.workload]?.filters[of.filter]?.options[option ?? -1] : undefined;
  return found !== undefined && !filteredStrategy(found.strategy).isApproximate;
}

function workloadName(run: RunView, { filtered = [], hybrid = [] }: TuneAnswer, { of }: ServedByConfiguration): string {
  const { words, configuration: texts } = run.texts.sections;
  if (of.kind === 'plain') return words.plainQueries;
  const [name, answers] =
    of.kind === 'hybrid'
      ? [texts.hybridQueries, hybrid.length]
      : [filterName(run, filtered[of.workload]!.filters[of.filter]!), filtered.length];
  return answers > 1 ? texts.ofWorkload(name, of.workload + 1) : name;
}

function wayTitle(
  run: RunView,
  { filtered = [], hybrid = [] }: TuneAnswer,
  { of, option }: ServedByConfiguration,
  { request }: PointRecord,
): string {
  if (of.kind === 'plain') {
    const spec = run.builds.get(request.build)?.request.spec;
    return spec ? `${run.texts.names.spec(spec)}${settingsText(request.settings)}` : '';
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
function protection(
  { texts }: RunView,
  { filtered = [] }: TuneAnswer,
  { of, option }: ServedByConfiguration,
  point: PointRecord,
): readonly string[] {
  const { workload } = point.request;
  const { keptBySort, keptByOrder, keptByMaterialized } = texts.sections.configuration;
  if (!workload.protected) return [];
  if (workload.kind === 'hybrid') {
    return [point.measured?.settingsReadBack['enable_sort'] === 'off' ? keptBySort : keptByOrder];
  }
  const strategy =
    of.kind === 'filtered' ? filtered[of.workload]?.filters[of.filter]?.options[option ?? -1]?.strategy : undefined;
  const isSetting = strategy !== undefined && filteredStrategy(strategy).protection === 'enable_sort';
  return [isSetting ? keptBySort : keptByMaterialized];
}

function unserved(run: RunView, answer: TuneAnswer, { served }: Configuration): string {
  const { configuration: texts } = run.texts.sections;
  const lines = served.flatMap((one) => {
    if (one.point !== null) return [];
    const last = pointOf(run, one.lost.at(-1) ?? null);
    const bounds = (one.unmet ?? []).map((unmet) => textOf(run.texts.unmet, unmet)).join('; ');
    const why = bounds
      ? texts.unmetWithAll(bounds)
      : last?.measured
        ? texts.recall(last.measured.recall.mean.value.toFixed(4))
        : reasonText(run, last?.reason ?? null);
    return [`**${escapeText(workloadName(run, answer, one))}**: ${escapeText(why || texts.noStrategy)}`];
  });
  return lines.length === 0 ? '' : [texts.unserved, list(lines)].join('\n\n');
}

/**
 * From this ratio of medians on, what a workload would have alone is worth a line, if their intervals are apart: both were
 * measured at different moments.
 */
const WORTH_SAYING = 1.1;

function gains(run: RunView, answer: TuneAnswer, { served }: Configuration): string {
  const { configuration: texts } = run.texts.sections;
  const lines = served.flatMap((one) => {
    const [here, alone] = [pointOf(run, one.point)?.measured, pointOf(run, one.alone)?.measured];
    if (!here || !alone || !isSlower(medianOf(here), medianOf(alone))) return [];
    const name = escapeText(workloadName(run, answer, one));
    return [texts.gain(name, quantileMsText(run, alone, 0.5), quantileMsText(run, here, 0.5))];
  });
  if (lines.length === 0) return texts.noneFaster;
  return [texts.fasterAlone, list(lines)].join('\n\n');
}

const isSlower = (here: Estimate | null, alone: Estimate | null): boolean =>
  here !== null &&
  alone !== null &&
  here.value >= WORTH_SAYING * alone.value &&
  (here.low ?? 0) > (alone.high ?? Infinity);

const medianOf = (measured: Measured): Estimate | null => latencyQuantile(measured, 0.5)?.estimate ?? null;

function statements(run: RunView, answer: TuneAnswer, configuration: Configuration): string {
  const sql = configurationSql(run, configuration);
  if (!sql) return '';
  const { words, apply, configuration: texts } = run.texts.sections;
  return [
    `### ${apply.heading}`,
    ...(sql.build.length > 0 ? [`${namesText(run, texts.replaceNames)}${texts.build}`, sqlBlock(sql.build)] : []),
    texts.queries,
    ...sql.workloads.map(({ served, query }) =>
      [
        `**${escapeText(workloadName(run, answer, served))}**`,
        sqlBlock(query),
        ...settingsCost(run, pointOf(run, served.point)?.measured ?? null),
      ].join('\n\n'),
    ),
    texts.check,
    sqlBlock([...sql.workloads.flatMap(({ check }) => check), ...sql.check]),
    ...(sql.undo.length > 0 ? [words.undo, sqlBlock(sql.undo)] : []),
  ].join('\n\n');
}
