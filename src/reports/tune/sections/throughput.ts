import { describeSettings, describeSpec } from '../../../indexes/index.js';
import type { SustainedRate, ThroughputFigures, ThroughputRecord } from '../../../results/index.js';
import { formatCount, formatObjective, formatPercent } from '../../../units.js';
import { hasThroughputChart } from '../../charts/throughput.js';
import { escapeText, table } from '../../text/markdown.js';
import { remarks } from '../remarks.js';
import { reasonText, latencyHeading, quantileText, type RunView } from '../run-view.js';

/** Name of the chart that the section shows; it lies beside the report. */
export const THROUGHPUT_CHART_FILE = 'throughput.svg';

/** What the indexes do under the load of several clients; empty when that was not measured. */
export function throughputSection(run: RunView): string {
  const records = [...run.throughputs.values()];
  if (records.length === 0) return '';
  const closed = records.filter(({ request }) => request.mode.kind === 'closed');
  const open = records.filter(({ request }) => request.mode.kind === 'open');
  return [
    '## Throughput',
    ...(run.answer?.sustainedRates ?? []).map((sustainedRates) => sustainedRateText(run, sustainedRates)),
    ...(closed.length > 0
      ? [
          CLOSED_LOOP,
          table(
            closedHead(run),
            closed.map((record) => closedRow(run, record)),
          ),
        ]
      : []),
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

function clockText(records: readonly ThroughputRecord[]): string {
  const clocks = new Set(records.flatMap(({ measured }) => measured?.clock ?? []));
  return clocks.size === 0 ? '' : `Clock: ${escapeText([...clocks].join(', '))}.`;
}

const CLOSED_LOOP =
  'What so many clients get answered when each sends its next query as soon as the last is answered, on an index that stands alone. ' +
  '*client, server*: processors that each kept busy on average. A server that is near all of them has no more to give.';

const OPEN_LOOP =
  'Queries that come at a rate of their own, whether earlier ones are answered or not, as those of independent users do. Latency counts from when a query was due: ' +
  'who had to wait behind a slow one is in it. *lag*: from then to the actual start. *late*: found no connection free.';

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
  'asked/s>',
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
    rateText(measured),
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
    rateText(measured),
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

function rateText({ ratePerSecond: { value, low, high } }: ThroughputFigures): string {
  return `${digits(value)} [${digits(low ?? 0)}, ${high === null ? '∞' : digits(high)}]`;
}

const digits = (value: number): string =>
  value >= 1000 ? formatCount(Number(value.toPrecision(3))) : Number(value.toPrecision(3)).toString();

/** One sentence for people: how many queries a second an index serves within the bound. */
export function sustainedRateSentence(
  run: RunView,
  { settings, build, objective, verdict, record, next }: SustainedRate,
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
  switch (verdict) {
    case 'held': {
      const beyond = above === undefined ? '' : `; at ${digits(above)} a second that is not shown`;
      return `${who} serves ${digits(rate ?? 0)} queries a second within ${bound}${beyond}.`;
    }
    case 'missed':
      return `${who} does not keep ${bound}${rate === undefined ? '' : ` at ${digits(rate)} queries a second`}.`;
    case 'inconclusive':
      return `${who}: the windows were too short, or the machine too noisy, to tell whether ${bound} holds${rate === undefined ? '' : ` at ${digits(rate)} queries a second`}.`;
    case 'void':
      return `${who}: the load cannot prove what it measured. ${reasonText(run, run.throughputs.get(record)?.reason ?? null)}`.trimEnd();
  }
}

const sustainedRateText = (run: RunView, sustainedRates: SustainedRate): string =>
  `**${escapeText(sustainedRateSentence(run, sustainedRates))}**`;
