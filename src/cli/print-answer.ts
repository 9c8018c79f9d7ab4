import { relative } from 'node:path';
import { describeSpec } from '../indexes/index.js';
import {
  sustainedRateSentence,
  describeChoice,
  pointOf,
  type PointView,
  reasonText,
  recommendedRecall,
  reuseSentence,
  type RunView,
  viewRun,
  withReason,
} from '../reports/index.js';
import type { Estimate, ThroughputRecord, TuneAnswer } from '../results/index.js';
import { BOUND_TITLES, latencyQuantile } from '../tune/index.js';
import { formatBytes, formatCount, formatMs } from '../units.js';
import { filteredLines } from './commands/tune/filtered.js';
import { hybridLines } from './commands/tune/hybrid.js';
import type { Io } from './io.js';
import type { CommonOptions } from './options.js';
import type { SearchOutcome } from './run-search.js';
import { style } from './style.js';

/** The answer of `tune`, on standard output. */
export function printTuneAnswer(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  const { answer } = outcome;
  if (options.json || answer.kind !== 'tune') return printJson(outcome, io);
  const run = viewRun(outcome.files);
  const paint = style(io, options);
  const lines: string[] = [];
  if (answer.recommendation) {
    lines.push(paint.bold(paint.green(`Recommended: ${describeChoice(answer.recommendation)}`)));
    const view = pointOf(run, answer.recommendation.point);
    const recall = view?.measured ? recommendedRecall(answer, view.measured) : undefined;
    lines.push(`  ${figures(run, view, recall)}`);
  } else if (answer.verdict !== 'not asked') {
    const text = answer.nearest.length > 0 ? 'The target is not reached.' : 'Nothing could be measured.';
    lines.push(paint.bold(paint.red(text)));
    for (const { choice, misses } of answer.nearest.slice(0, 3)) lines.push(`  ${describeChoice(choice)}: ${misses}`);
  }
  if (answer.verdict !== 'not asked') lines.push('', withReason(run, answer.because, answer.reason));
  for (const text of [answer.advice?.defaults, answer.advice?.binding, reuseSentence(run)]) if (text) lines.push(text);
  lines.push(...infeasibleLines(answer));
  lines.push(...loadLines(run));
  if (answer.runnerUp)
    lines.push(
      '',
      `Runner-up: ${describeChoice(answer.runnerUp)}`,
      `  ${figures(run, pointOf(run, answer.runnerUp.point))}`,
    );
  for (const { name, choice } of answer.baselines) {
    lines.push(
      '',
      choice.spec.method === 'none' ? name : `${name}: ${describeChoice(choice)}`,
      `  ${figures(run, pointOf(run, choice.point))}`,
    );
  }
  lines.push(...filteredLines(run), ...hybridLines(run));
  lines.push('', ...outcome.reports.map((path) => relative(io.cwd, path)));
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What would have to give where nothing meets the target, and what else can be done. */
function infeasibleLines({ advice }: TuneAnswer): readonly string[] {
  const { relaxed = [], waysOut = [] } = advice ?? {};
  const bounds = relaxed.map(({ bound, spec, settings, point, needs }) => {
    const index = point === null ? describeSpec(spec) : describeChoice({ spec, settings });
    return `  ${BOUND_TITLES[bound]}: ${needs} (${index})`;
  });
  return [
    ...(bounds.length > 0 ? ['', 'What would do if one bound gave way:', ...bounds] : []),
    ...(waysOut.length > 0 ? ['', 'Ways out:', ...waysOut.map((text) => `  ${text}`)] : []),
  ];
}

/** The points of `bench`, on standard output. */
export function printBenchAnswer(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  if (options.json) return printJson(outcome, io);
  const run = viewRun(outcome.files);
  const front = new Set(outcome.answer.front);
  const lines = [...run.points.keys()].flatMap((key) => {
    const view = pointOf(run, key);
    if (!view) return [];
    const { build, point } = view;
    return `${front.has(key) ? '*' : ' '} ${describeChoice({ spec: build.request.spec, settings: point.request.settings })}: ${figures(run, view)}`;
  });
  lines.push(
    '',
    '* no other point is better in recall, time and size at once',
    ...loadLines(run),
    '',
    ...outcome.reports.map((path) => relative(io.cwd, path)),
  );
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What was measured under load; nothing when nothing was. */
function loadLines(run: RunView): readonly string[] {
  const sustainedRates = run.answer?.sustainedRates ?? [];
  const loads = [...run.throughputs.values()].flatMap((record) => {
    const spec = run.builds.get(record.request.build)?.request.spec;
    const { mode } = record.request;
    // On the way to a sustained rate many rates are tried; the answer is said in one sentence.
    if (!spec || (mode.kind === 'open' && sustainedRates.length > 0)) return [];
    const load =
      mode.kind === 'closed'
        ? `${mode.concurrency} ${mode.concurrency === 1 ? 'client' : 'clients'}`
        : `${mode.ratePerSecond.toLocaleString('en-US')} queries a second offered`;
    return `  ${describeSpec(spec)}, ${load}: ${loadFigures(run, record)}`;
  });
  const lines = [...loads, ...sustainedRates.map((found) => `  ${sustainedRateSentence(run, found)}`)];
  return lines.length > 0 ? ['', `Throughput, ${run.manifest.server.label}:`, ...lines] : [];
}

function loadFigures(run: RunView, { status, reason, measured }: ThroughputRecord): string {
  if (!measured) return `${status}: ${reasonText(run, reason)}`;
  const { ratePerSecond, latencyMs } = measured;
  const p99 = latencyMs.quantiles.find(({ p }) => p === 0.99)?.estimate;
  return `${formatCount(ratePerSecond.value)} answered a second, p99 ${p99 ? formatMs(p99.value) : 'unknown'}`;
}

/**
 * @param recall in the place of the point's own
 */
function figures(run: RunView, view: PointView | undefined, recall?: Estimate): string {
  if (!view) return 'not measured';
  const { measured, point, build } = view;
  if (!measured) return `${point.status}: ${reasonText(run, point.reason)}`;
  const mean = recall ?? measured.recall.mean;
  const quantile = (p: number): string => {
    const estimate = latencyQuantile(measured, p)?.estimate;
    return estimate ? formatMs(estimate.value) : 'unknown';
  };
  const size = build.index ? `, ${formatBytes(build.index.bytes)}, built in ${formatMs(build.seconds * 1000)}` : '';
  const found =
    build.request.spec.method === 'none'
      ? 'every neighbour'
      : `recall ${mean.value.toFixed(4)} [${(mean.low ?? 0).toFixed(4)}, ${(mean.high ?? 1).toFixed(4)}]`;
  const moved = point.findings.some(({ code }) => code === 'canary-moved') ? '; the machine changed meanwhile' : '';
  return `${found}, p50 ${quantile(0.5)}, p95 ${quantile(0.95)} on ${run.manifest.server.label}${size}${moved}`;
}

/** Everything a program may want: the manifest, the answer, and the records without their raw samples. */
function printJson({ run, folder, answer, files, reports }: SearchOutcome, io: Io): void {
  const records = files.records.filter(({ type }) => type !== 'answer');
  const document = { run, folder, manifest: files.manifest, answer, records, reports };
  const withoutSamples = (key: string, value: unknown): unknown => (RAW.has(key) ? undefined : value);
  io.stdout.write(`${JSON.stringify(document, withoutSamples, 2)}\n`);
}

/** Members of records that hold raw samples. */
const RAW = new Set(['samples', 'rankings']);
