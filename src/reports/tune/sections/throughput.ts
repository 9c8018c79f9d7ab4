import { type DisturbedLoad, sortOutLoads } from '../../../analysis/index.js';
import { describeSettings, describeSpec } from '../../../indexes/index.js';
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
  const open = records.filter(({ request }) => request.mode.kind === 'open');
  return [
    '## Throughput',
    ...sustainedRatesOf(run.answer).map((sustainedRates) => sustainedRateText(run, sustainedRates)),
    ...(closed.length > 0
      ? [
          CLOSED_LOOP,
          table(
            closedHead(run),
            closed.map((record) => closedRow(run, record)),
          ),
        ]
      : []),
    ...disturbed.map((load) => disturbedText(run, load)),
    ...(hasThroughputChart(run) ? [`![Throughput and latency by clients](${THROUGHPUT_CHART_FILE})`] : []),
    ...(open.length > 0
      ? [
          OPEN_LOOP,
          table(
            openHead(run),
            open.map((record) => openRow(run, record)),
          ),
        ]
      : []),
    clockText(records),
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
  return (
    `Disturbed: ${index}, ${settings}, ${formatCount(clients)} ${clients === 1 ? 'client' : 'clients'}. Throughput fell with more clients although ` +
    `there is a processor for each, so this load was measured again: ${before} queries/s at first, ${after} the second time. The table has the second measurement.`
  );
}

function clockText(records: readonly ThroughputRecord[]): string {
  const clocks = new Set(records.flatMap(({ measured }) => measured?.clock ?? []));
  return clocks.size === 0 ? '' : `Clock: ${escapeText([...clocks].join(', '))}.`;
}

const CLOSED_LOOP =
  'Closed loop: each client sends its next query when the previous one returns. No other vector index exists meanwhile. ' +
  '*client, server*: CPU cores that each kept busy on average. A server that uses nearly all cores is saturated.';

const OPEN_LOOP =
  'Open loop: queries are due at a given rate, whether or not earlier ones have returned, as those of independent users are. Latency counts from the moment a query was due, ' +
  'so it includes the wait behind slow ones. *lag*: from that moment until the query was sent. *late*: queries that were due while no connection was free.';

const closedHead = (run: RunView): readonly string[] => [
  'index',
  'settings',
  'clients>',
  'queries/s [95 %]',
  ...LATENCIES.map((p) => latencyHeading(run, `p${p * 100} ms`)),
  'client, server>',
];
const openHead = (run: RunView): readonly string[] => [
  'index',
  'settings',
  'offered/s>',
  'answered/s [95 %]',
  ...LATENCIES.map((p) => latencyHeading(run, `p${p * 100} ms`)),
  'lag p50, p99 ms>',
  'late>',
];

const LATENCIES = [0.5, 0.95, 0.99];

function closedRow(run: RunView, record: ThroughputRecord): readonly string[] {
  const { mode } = record.request;
  const clients = mode.kind === 'closed' ? formatCount(mode.concurrency) : '';
  const { measured } = record;
  if (!measured) return [...nameOf(run, record), clients, lostText(run, record), '', '', '', ''];
  const { cpu } = measured;
  return [
    ...nameOf(run, record),
    clients,
    intervalText(measured.ratePerSecond),
    ...LATENCIES.map((p) => quantileText(measured, p)),
    `${cpu.client.toFixed(2)}, ${cpu.server?.toFixed(2) ?? 'unknown'} of ${cpu.cores}`,
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
    ...LATENCIES.map((p) => quantileText(measured, p)),
    schedule.lagMs ? `${digits(schedule.lagMs.p50)}, ${digits(schedule.lagMs.p99)}` : '–',
    formatPercent(schedule.late / schedule.due),
  ];
}

function nameOf(run: RunView, { request }: ThroughputRecord): readonly [string, string] {
  const spec = run.builds.get(request.build)?.request.spec;
  return [spec ? escapeText(describeSpec(spec)) : '–', escapeText(describeSettings(request.settings))];
}

const lostText = (run: RunView, { status, reason }: ThroughputRecord): string =>
  `**${status}**: ${escapeText(reasonText(run, reason))}`;

/** One sentence for people: how many queries a second an index serves within the bound. */
export function sustainedRateSentence(
  run: RunView,
  { settings, build, objective, verdict, record, next, refuted = null }: SustainedRate,
): string {
  const spec = run.builds.get(build)?.request.spec;
  const who = `${spec ? describeSpec(spec) : 'The index'}, ${describeSettings(settings)}`;
  const bound = formatObjective(objective);
  const rateOf = (key: string | null): number | undefined => {
    const mode = key === null ? undefined : run.throughputs.get(key)?.request.mode;
    return mode?.kind === 'open' ? mode.ratePerSecond : undefined;
  };
  const rate = rateOf(record);
  const above = rateOf(next);
  const quantileAt = (key: string | null): string => {
    const measured = key === null ? null : run.throughputs.get(key)?.measured;
    if (!measured) return '';
    return ` (p${Number((objective.quantile * 100).toPrecision(4))} ${quantileMsText(measured, objective.quantile)})`;
  };
  const broken = rateOf(refuted);
  const beyondText = broken === undefined ? '' : ` At ${digits(broken)} queries/s it does not${quantileAt(refuted)}.`;
  switch (verdict) {
    case 'held': {
      const beyond = above === undefined ? '' : `; at ${digits(above)}/s it is not shown to`;
      return `${who} serves ${digits(rate ?? 0)} queries/s within ${bound}${beyond}.`;
    }
    case 'missed':
      return `${who} does not meet ${bound}${rate === undefined ? '' : ` at ${digits(rate)} queries/s`}.`;
    case 'inconclusive':
      return `${who}: undecided whether it meets ${bound}${rate === undefined ? '' : ` at ${digits(rate)} queries/s`}${quantileAt(record)}; the windows were too short or the machine too noisy.${beyondText}`;
    case 'void':
      return `${who}: the measurement is void. ${reasonText(run, run.throughputs.get(record)?.reason ?? null)}`.trimEnd();
  }
}

const sustainedRateText = (run: RunView, sustainedRates: SustainedRate): string =>
  `**${escapeText(sustainedRateSentence(run, sustainedRates))}**`;
