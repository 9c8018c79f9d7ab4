import { moveOf } from '../../../analysis/index.js';
import type { LiveIndex, LiveMeasured, LiveRecall } from '../../../live/index.js';
import type { Conditions, Estimate } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import { printable } from '../../../printable.js';
import { recallText, shortQuantileText, textOf, textsIn } from '../../../reports/index.js';
import { plansText } from '../../plans-text.js';
import { severityMarks } from '../../severity.js';
import type { style } from '../../style.js';
import { groupLines } from './groups.js';
import { sweepLines } from './sweep.js';
import { judgedLine } from './verdicts.js';

interface TextOptions {
  readonly server: string;
  readonly target: number | undefined;
  readonly paint: ReturnType<typeof style>;
}

/** What was found out about a live table's index, as a person reads it. */
export function recallReport(report: LiveRecall, options: TextOptions): string {
  const { table, indexes, plan, measured, sweep, by, conditions, findings, server, verdict } = report;
  const { paint } = options;
  const rows = table.rows === null ? 'never analysed' : `about ${formatCount(table.rows)} rows`;
  const lines = [
    `${paint.bold(`${table.name}.${table.column}`)}: ${table.type}, ${rows}, ${formatBytes(table.bytes)}; PostgreSQL ${server.version}, pgvector ${server.pgvector}, ${options.server}`,
    ...indexes.map((index) => `  ${indexText(index)}`),
    '',
    ...(by
      ? groupLines(report, by, options.target, paint)
      : measured
        ? measuredLines(report, measured, options)
        : [
            paint.bold(paint.red(verdict === 'void' ? 'The measurement is void.' : 'No index on the vectors is used.')),
          ]),
    ...(sweep ? sweepLines(report, sweep, options.target) : []),
    ...(by || sweep ? [''] : []),
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
  // A value may be a document of several lines.
  const options = Object.entries(reloptions).map(([key, value]) => `${key}=${value.trim().replace(/\s*\n\s*/g, '; ')}`);
  return [
    `${name}: ${method} on ${expression} ${opclass}`,
    ...options,
    ...(predicate === null ? [] : [`WHERE ${predicate}`]),
    `${formatBytes(bytes)}${valid ? '' : ', not valid'}`,
  ].join(' ');
}

function measuredLines(report: LiveRecall, measured: LiveMeasured, { paint, target }: TextOptions): readonly string[] {
  const { asked, plan, verdict } = report;
  const { recall, shareReached, completeness, latencyMs, buffers, worst } = measured;
  const settings = Object.entries(asked.settings).map(([name, setting]) => `${name}=${setting}`);
  const plans = plansText(plan?.plans ?? []);
  const queries =
    asked.queries === 'log' ? 'queries of the log' : 'rows of the table as queries, each excluded from its own answer';
  return [
    `${paint.bold(`Recall@${asked.k} ${recallText(recall.mean)}`)}, n = ${formatCount(recall.queries)} ${queries}${asked.where === null ? '' : `, where ${asked.where}`}`,
    ...judgedLine(report.sweep ? 'measured' : verdict, target, paint),
    `  min ${recall.min.toFixed(2)}, p1 ${recall.p1.toFixed(2)}, p5 ${recall.p5.toFixed(2)}, below 0.5 for ${formatPercent(recall.shareBelowHalf)} of the queries; strict recall (ties do not count) ${recall.strictMean.toFixed(4)}`,
    ...(shareReached && target !== undefined
      ? [`  ${sharesText(shareReached)} of the queries reach ${target} by themselves`]
      : []),
    `  about ${formatCount(recall.queriesNeeded)} queries would narrow the interval to ±0.005`,
    ...(worst.length > 0
      ? [
          `  lowest recall: ${worst.map(({ query, recall: share, returned }) => `${query} (${share.toFixed(2)}, ${returned} rows)`).join('; ')}`,
        ]
      : []),
    `Completeness ${formatPercent(completeness.mean)} of the rows that exist${distanceText(recall)}`,
    `Latency p50 ${shortQuantileText(latencyMs.first, 0.5)}, p95 ${shortQuantileText(latencyMs.first, 0.95)}, p99 ${shortQuantileText(latencyMs.first, 0.99)}; second time p50 ${shortQuantileText(latencyMs.again, 0.5)}, p95 ${shortQuantileText(latencyMs.again, 0.95)}; server p50 ${serverText(measured)}, client floor ${formatMs(measured.clientFloorMs)}`,
    `Buffers ${buffers.mean.value.toFixed(0)} a query, ${formatPercent(buffers.meanRead / Math.max(1, buffers.mean.value))} read from outside shared_buffers${asked.where === null ? '' : `; ${formatCount(measured.rowsRemoved.value)} rows removed by the filter`}`,
    `Plan ${plan?.text ?? ''} (checked ${plan?.checks ?? 0}×); exact scan: ${measured.exactPlan}`,
    ...(plans === null ? [] : [`  ${plans}`]),
    `Settings ${settings.join(', ')}`,
  ];
}

/** What went on while the index was timed; what the role may not see is no zero. */
function meanwhileText({ server, machine, canary }: Conditions): string {
  const seen = (count: number | null): string => (count === null ? 'not seen' : formatCount(count));
  const load = [machine.load.before, machine.load.after].map((value) => value?.toFixed(1) ?? 'not seen');
  const others = machine.otherWork === null ? 'not seen' : formatPercent(machine.otherWork.share);
  const stolen = machine.stealShare === null ? 'not seen' : formatPercent(machine.stealShare);
  const { before, after, moved } = moveOf(canary.before.roundTripMs, canary.after.roundTripMs);
  return [
    `During the measurement: checkpoints ${seen(server.checkpoints)}, VACUUM and ANALYZE of the table ${seen(server.vacuums)}, rows changed ${seen(server.changedRows)}, autovacuum workers ${seen(server.autovacuumWorkers)}, other sessions ${seen(server.otherSessions)}`,
    `  client machine: load ${load.join(' to ')} on ${machine.cores} cores, CPU time of other programs ${others}, steal ${stolen}; an empty round trip ${formatMs(before)} before and ${formatMs(after)} after${moved ? ', which is more than its spread' : ''}`,
  ].join('\n');
}

const serverText = ({ serverMs: { n, median } }: LiveMeasured): string =>
  median ? formatMs(median.value) : `needs more than ${n} queries`;

const sharesText = ({ value, low, high }: Estimate): string =>
  `${formatPercent(value)} [${formatPercent(low ?? 0)}, ${formatPercent(high ?? 1)}]`;

const distanceText = ({ distanceRatio }: LiveMeasured['recall']): string =>
  distanceRatio === null ? '' : `, distance ratio ${distanceRatio.toFixed(4)}`;
