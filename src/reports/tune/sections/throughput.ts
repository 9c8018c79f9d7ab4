import { type DisturbedLoad, sortOutLoads } from '../../../analysis/index.js';
import { describeSettings } from '../../../indexes/index.js';
import { type SustainedRate, sustainedRatesOf, type ThroughputRecord } from '../../../results/index.js';
import { formatCount, formatObjective, formatPercent } from '../../../units.js';
import { hasThroughputChart } from '../../charts/throughput.js';
import { escapeText, table } from '../../text/markdown.js';
import { remarks } from '../remarks.js';
import { reasonText, latencyHeading, type RunView } from '../run-view.js';
import { digits, intervalText, quantileMsText, quantileText } from '../../text/figures.js';

/** Name of the chart that the section shows; the file is beside the report. */
export const THROUGHPUT_CHART_FILE = 'throughput.svg';

/** What the indexes do under the load of several clients; empty when that was not measured. */
export function throughputSection(run: RunView): string {
  const { counting: records, disturbed } = sortOutLoads([...run.throughputs.values()]);
  if (records.length === 0) return '';
  const closed = records.filter(({ request }) => request.mode.kind === 'closed');
  const clocks = new Set(records.flatMap(({ measured }) => measured?.clock ?? []));
  const open = records.filter(({ request }) => request.mode.kind === 'open');
  const { throughput, words } = run.texts.sections;
  return [
    `## ${throughput.heading}`,
    ...sustainedRatesOf(run.answer).map((sustainedRates) => sustainedRateText(run, sustainedRates)),
    ...(closed.length > 0
      ? [
          throughput.closedLoop,
          table(
            closedHead(run),
            closed.map((record) => closedRow(run, record)),
          ),
        ]
      : []),
    ...disturbed.map((load) => disturbedText(run, load)),
    ...(hasThroughputChart(run) ? [`![${throughput.image}](${THROUGHPUT_CHART_FILE})`] : []),
    ...(open.length > 0
      ? [
          throughput.openLoop,
          table(
            openHead(run),
            open.map((record) => openRow(run, record)),
          ),
        ]
      : []),
    clocks.size === 0 ? '' : words.clock(escapeText([...clocks].join(', '))),
    remarks(
      run,
      records.flatMap(({ findings }) => findings),
      'loads',
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Says why a load was measured once more, and what became of it. */
function disturbedText(run: RunView, { first, again }: DisturbedLoad): string {
  const { mode } = first.request;
  const clients = mode.kind === 'closed' ? mode.concurrency : mode.connections;
  const [index, settings] = nameOf(run, first);
  const before = first.measured ? intervalText(first.measured.ratePerSecond) : '–';
  const after = again.measured ? intervalText(again.measured.ratePerSecond) : '–';
  return run.texts.sections.throughput.disturbed({ what: `${index}, ${settings}`, clients, before, after });
}

function closedHead(run: RunView): readonly string[] {
  const { words, throughput } = run.texts.sections;
  return [
    words.index,
    words.settings,
    `${throughput.clients}>`,
    throughput.rate,
    ...LATENCIES.map((p) => latencyHeading(run, `p${p * 100} ms`)),
    `${throughput.cpu}>`,
  ];
}

function openHead(run: RunView): readonly string[] {
  const { words, throughput } = run.texts.sections;
  return [
    words.index,
    words.settings,
    `${throughput.offered}>`,
    throughput.answered,
    ...LATENCIES.map((p) => latencyHeading(run, `p${p * 100} ms`)),
    `${throughput.lag}>`,
    `${throughput.late}>`,
  ];
}

const LATENCIES = [0.5, 0.95, 0.99];

function closedRow(run: RunView, record: ThroughputRecord): readonly string[] {
  const { mode } = record.request;
  const clients = mode.kind === 'closed' ? formatCount(mode.concurrency) : '';
  const { measured } = record;
  if (!measured) return [...nameOf(run, record), clients, lostText(run, record), '', '', '', ''];
  const { cpu } = measured;
  const { words, throughput } = run.texts.sections;
  return [
    ...nameOf(run, record),
    clients,
    intervalText(measured.ratePerSecond),
    ...LATENCIES.map((p) => quantileText(run, measured, p)),
    throughput.cores(cpu.client.toFixed(2), cpu.server?.toFixed(2) ?? words.unknown, cpu.cores),
  ];
}

function openRow(run: RunView, record: ThroughputRecord): readonly string[] {
  const { mode } = record.request;
  const asked = mode.kind === 'open' ? digits(mode.ratePerSecond) : '';
  const { measured, schedule } = record;
  if (!measured || !schedule) return [...nameOf(run, record), asked, lostText(run, record), '', '', '', '', ''];
  return [
    ...nameOf(run, record),
    asked,
    intervalText(measured.ratePerSecond),
    ...LATENCIES.map((p) => quantileText(run, measured, p)),
    schedule.lagMs ? `${digits(schedule.lagMs.p50)}, ${digits(schedule.lagMs.p99)}` : '–',
    formatPercent(schedule.late / schedule.due),
  ];
}

function nameOf(run: RunView, { request }: ThroughputRecord): readonly [string, string] {
  const spec = run.builds.get(request.build)?.request.spec;
  return [spec ? escapeText(run.texts.names.spec(spec)) : '–', escapeText(describeSettings(request.settings))];
}

const lostText = (run: RunView, { status, reason }: ThroughputRecord): string =>
  `**${run.texts.sections.words.status[status]}**: ${escapeText(reasonText(run, reason))}`;

/** One sentence for people: how many queries a second an index serves within the bound. */
export function sustainedRateSentence(
  run: RunView,
  { settings, build, objective, verdict, record, next, refuted = null }: SustainedRate,
): string {
  const spec = run.builds.get(build)?.request.spec;
  const { names, sections } = run.texts;
  const rateOf = (key: string | null): string | null => {
    const mode = key === null ? undefined : run.throughputs.get(key)?.request.mode;
    return mode?.kind === 'open' ? digits(mode.ratePerSecond) : null;
  };
  const quantileAt = (key: string | null): string => {
    const measured = key === null ? null : run.throughputs.get(key)?.measured;
    if (!measured) return '';
    return ` (p${Number((objective.quantile * 100).toPrecision(4))} ${quantileMsText(run, measured, objective.quantile)})`;
  };
  return sections.throughput.sustained[verdict]({
    who: `${spec ? names.spec(spec) : sections.throughput.theIndex}, ${describeSettings(settings)}`,
    bound: formatObjective(objective),
    rate: rateOf(record),
    next: rateOf(next),
    refuted: rateOf(refuted),
    figure: quantileAt(record),
    refutedFigure: quantileAt(refuted),
    reason: reasonText(run, run.throughputs.get(record)?.reason ?? null),
  });
}

const sustainedRateText = (run: RunView, sustainedRates: SustainedRate): string =>
  `**${escapeText(sustainedRateSentence(run, sustainedRates))}**`;
