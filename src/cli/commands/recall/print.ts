import { moveOf } from '../../../analysis/index.js';
import type { LiveIndex, LiveMeasured, LiveRecall } from '../../../live/index.js';
import type { Conditions, Measured } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import { textOf, textsIn } from '../../../reports/index.js';
import { printable } from '../../printable.js';
import { severityMarks } from '../../severity.js';
import type { style } from '../../style.js';

interface TextOptions {
  readonly server: string;
  readonly target: number | undefined;
  readonly paint: ReturnType<typeof style>;
}

/** What was found out about a live table's index, as a person reads it. */
export function recallText(report: LiveRecall, options: TextOptions): string {
  const { table, indexes, plan, measured, conditions, findings, server, verdict } = report;
  const { paint } = options;
  const rows = table.rows === null ? 'never analysed' : `about ${formatCount(table.rows)} rows`;
  const lines = [
    `${paint.bold(`${table.name}.${table.column}`)}: ${table.type}, ${rows}, ${formatBytes(table.bytes)}; PostgreSQL ${server.version}, pgvector ${server.pgvector}, ${options.server}`,
    ...indexes.map((index) => `  ${indexText(index)}`),
    '',
    ...(measured
      ? measuredLines(report, measured, options)
      : [paint.bold(paint.red(verdict === 'void' ? 'The measurement is void.' : 'No index on the vectors is used.'))]),
    ...(conditions ? [meanwhileText(conditions)] : []),
  ];
  if (plan && verdict === 'no index used') {
    lines.push('', 'The natural plan:', ...plan.explain.map((line) => `  ${line}`));
    if (plan.explainForced) {
      lines.push(
        '',
        'With enable_seqscan = off, to see whether an index could serve:',
        ...plan.explainForced.map((line) => `  ${line}`),
      );
    }
  }
  const mark = severityMarks(paint);
  const texts = textsIn('en').recallFindings;
  if (findings.length > 0) {
    lines.push('', ...findings.map((finding) => `${mark[finding.severity]}  ${printable(textOf(texts, finding))}`));
  }
  return `${lines.join('\n')}\n`;
}

function indexText({ name, method, opclass, expression, predicate, reloptions, valid, bytes }: LiveIndex): string {
  const options = Object.entries(reloptions).map(([key, value]) => `${key}=${value}`);
  return [
    `${name}: ${method} on ${expression} ${opclass}`,
    ...options,
    ...(predicate === null ? [] : [`WHERE ${predicate}`]),
    `${formatBytes(bytes)}${valid ? '' : ', not valid'}`,
  ].join(' ');
}

function measuredLines(report: LiveRecall, measured: LiveMeasured, { paint, target }: TextOptions): readonly string[] {
  const { asked, plan, verdict } = report;
  const { recall, completeness, latencyMs, buffers, worst } = measured;
  const { value, low, high } = recall.mean;
  const settings = Object.entries(asked.settings).map(([name, setting]) => `${name}=${setting}`);
  const queries = asked.queries === 'log' ? 'queries of the log' : 'rows of the table as queries, each without itself';
  const color = { reached: paint.green, 'not reached': paint.red, inconclusive: paint.yellow } as const;
  const judged =
    verdict === 'measured' || verdict === 'no index used' || verdict === 'void'
      ? []
      : [color[verdict](`  Recall ${target} is ${VERDICTS[verdict]}.`)];
  return [
    `${paint.bold(`Recall@${asked.k} ${value.toFixed(4)}`)} [${(low ?? 0).toFixed(4)}, ${(high ?? 1).toFixed(4)}], ${formatCount(recall.queries)} ${queries}${asked.where === null ? '' : `, where ${asked.where}`}`,
    ...judged,
    `  worst query ${recall.min.toFixed(2)}, worst 1 % ${recall.p1.toFixed(2)}, worst 5 % ${recall.p5.toFixed(2)}, ${formatPercent(recall.shareBelowHalf)} below one half; by identity of the rows alone ${recall.strictMean.toFixed(4)}`,
    `  about ${formatCount(recall.queriesNeeded)} queries would tell it to ±0.005`,
    ...(worst.length > 0
      ? [
          `  worst: ${worst.map(({ query, recall: share, returned }) => `${query} (${share.toFixed(2)}, ${returned} rows)`).join('; ')}`,
        ]
      : []),
    `Rows returned ${formatPercent(completeness.mean)} of those that exist${distanceText(recall)}`,
    `Latency p50 ${quantile(latencyMs.first, 0.5)}, p95 ${quantile(latencyMs.first, 0.95)}, p99 ${quantile(latencyMs.first, 0.99)}; asked again p50 ${quantile(latencyMs.again, 0.5)}, p95 ${quantile(latencyMs.again, 0.95)}; server alone p50 ${serverText(measured)}, client alone ${formatMs(measured.clientFloorMs)}`,
    `Buffers ${buffers.mean.value.toFixed(0)} a query, ${formatPercent(buffers.meanRead / Math.max(1, buffers.mean.value))} read from outside shared_buffers${asked.where === null ? '' : `; ${formatCount(measured.rowsRemoved.value)} rows read that do not meet the condition`}`,
    `Plan ${plan?.text ?? ''} (looked at ${plan?.checks ?? 0}×); exact side ${measured.exactPlan}`,
    `Settings ${settings.join(', ')}`,
  ];
}

/** What went on while the index was timed; what the role may not see is no zero. */
function meanwhileText({ server, machine, canary }: Conditions): string {
  const seen = (count: number | null): string => (count === null ? 'not seen' : formatCount(count));
  const load = [machine.load.before, machine.load.after].map((value) => value?.toFixed(1) ?? 'not seen');
  const stolen = machine.stealShare === null ? 'not seen' : formatPercent(machine.stealShare);
  const { before, after, moved } = moveOf(canary.before.roundTripMs, canary.after.roundTripMs);
  return [
    `Meanwhile checkpoints ${seen(server.checkpoints)}, VACUUM and ANALYZE of the table ${seen(server.vacuums)}, rows changed ${seen(server.changedRows)}, autovacuum workers ${seen(server.autovacuumWorkers)}, sessions of others ${seen(server.otherSessions)}`,
    `  this machine: load ${load.join(' to ')} on ${machine.cores} processors, stolen from them ${stolen}; an empty round trip ${formatMs(before)} before and ${formatMs(after)} after${moved ? ', which is more than its spread' : ''}`,
  ].join('\n');
}

const serverText = ({ serverMs: { n, median } }: LiveMeasured): string =>
  median ? formatMs(median.value) : `needs more than ${n} queries`;

/** How much farther the answers are than they could be. */
const distanceText = ({ distanceRatio }: LiveMeasured['recall']): string =>
  distanceRatio === null ? '' : `, on average ${formatPercent(distanceRatio - 1, 2)} farther away than the exact ones`;

const VERDICTS = {
  reached: 'shown',
  'not reached': 'missed: the whole interval lies below it',
  inconclusive: 'neither shown nor refuted: it lies within the interval. Ask more queries',
} as const;

/** Milliseconds, or what is missing for it. */
function quantile({ quantiles }: Measured['latencyMs'], p: number): string {
  const found = quantiles.find((candidate) => candidate.p === p);
  return found?.estimate ? formatMs(found.estimate.value) : `needs ${formatCount(found?.needs ?? 0)} queries`;
}
