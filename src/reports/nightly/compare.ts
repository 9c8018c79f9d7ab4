import { describeSettings, describeSpec } from '../../indexes/index.js';
import type {
  EqualRecall,
  FailedBuild,
  FigureComparison,
  FigureName,
  Need,
  RunComparison,
  SeriesComparison,
  SettingComparison,
  Unlikeness,
} from '../../nightly/index.js';
import { formatCount, formatPercent } from '../../units.js';
import type { IndexSpec, Workload } from '../../vocabulary.js';
import { textsIn } from '../text/index.js';
import { digits } from '../text/figures.js';
import { code, escapeText, list, table } from '../text/markdown.js';
import { reasonText } from '../tune/run-view.js';
import { answerText, changeText, figureText, ratioDifference, shareDifference } from './figures.js';

const UNLIKE: Readonly<Record<Unlikeness['what'], string>> = {
  dataset: 'dataset',
  layout: 'layout',
  metric: 'metric',
  k: 'k',
  queries: 'seed of the queries',
  server: 'server',
  postgresql: 'PostgreSQL version',
  pgvector: 'pgvector version',
};

/** Why two runs are not compared: each difference by its name. */
export const unlikenessText = (unlike: readonly Unlikeness[]): string =>
  unlike.map(({ what, base, candidate }) => `${UNLIKE[what]} (${base} and ${candidate})`).join(', ');

/** A comparison of two runs as Markdown: the answer, what changed, then the figures. */
export function comparisonDocument(comparison: RunComparison): string {
  const { base, candidate, changes, series, failedBuilds, unmatched, interest } = comparison;
  const sections = [
    `# ${escapeText(candidate)} against ${escapeText(base)}`,
    headline(comparison),
    `## What changed between the runs\n\n${changes.length === 0 ? 'Nothing that the runs recorded.' : list(changes.map(changeText))}`,
    ...(failedBuilds.length === 0
      ? []
      : [`## Not built\n\n${list(failedBuilds.map((one) => `**Different:** ${escapeText(failedBuildText(one))}`))}`]),
    ...series.map(seriesSection),
    ...(unmatched.length === 0
      ? []
      : [
          `## Measured in one run only\n\n${list(
            unmatched.map((one) => `${title(one)} (${escapeText(one.side === 'base' ? base : candidate)})`),
          )}`,
        ]),
    method(interest),
  ];
  return `${sections.join('\n\n')}\n`;
}

function headline({ answer, isWorse }: RunComparison): string {
  if (answer === 'same')
    return '**Same.** Recall, completeness and work are the same within the smallest changes of interest.';
  if (answer === 'unknown')
    return '**Unknown.** Nothing is shown to differ, but not every figure is known well enough; the last column says what is missing.';
  return isWorse ? '**Different, and worse.**' : '**Different, and nowhere worse.**';
}

/** An index that a run could not build, as plain text. */
export function failedBuildText({ side, spec, reason }: FailedBuild): string {
  const why = reasonText({ texts: textsIn('en') }, reason);
  return `${describeSpec(spec)} could not be built in the ${side}. ${why}`.trimEnd();
}

const title = ({ spec, workload }: { readonly spec: IndexSpec; readonly workload: Workload }): string =>
  escapeText(workload.kind === 'plain' ? describeSpec(spec) : `${describeSpec(spec)}, ${workload.strategy}`);

function seriesSection(series: SeriesComparison): string {
  const parts = [
    `## ${title(series)}`,
    ...(series.equalRecall.length === 0 ? [] : [curveTable(series.equalRecall)]),
    ...series.settings.map(settingPart),
  ];
  return parts.join('\n\n');
}

const curveTable = (levels: readonly EqualRecall[]): string =>
  table(
    ['Recall>', 'Buffers per query, base>', 'candidate>', 'Change [95 %]>', 'Answer'],
    levels.map(({ recall, base, candidate, difference, answer, isWorse, needsBuilds }) => [
      recall.toFixed(3),
      digits(base),
      digits(candidate),
      ratioDifference(difference),
      answerText(answer, isWorse) + (needsBuilds === null ? '' : `: needs about ${needsBuilds} builds a run`),
    ]),
  );

const FIGURES: Readonly<Record<FigureName, string>> = {
  recall: 'Recall',
  completeness: 'Completeness',
  buffers: 'Buffers per query',
  'index-bytes': 'Index size',
  p50: 'p50',
  p95: 'p95',
};

function settingPart({ settings, builds, figures, lost }: SettingComparison): string {
  const [base, candidate] = builds;
  const counts = Math.max(base, candidate) <= 1 ? '' : ` (${base} and ${candidate} builds)`;
  const head = `### ${code(describeSettings(settings))}${counts}`;
  if (lost) {
    const why = reasonText({ texts: textsIn('en') }, lost.reason);
    return `${head}\n\n**Different:** the ${lost.side} has no figures. ${escapeText(why)}`;
  }
  return `${head}\n\n${figures.length === 0 ? 'Neither run has figures of it.' : figureTable(figures)}`;
}

/** Figures of both sides, each with its answer. */
export const figureTable = (figures: readonly FigureComparison[]): string =>
  table(
    ['Figure', 'Base>', 'Candidate>', 'Change [95 %]>', 'Answer'],
    figures.map((one) => [
      FIGURES[one.figure],
      figureText(one.figure, one.base),
      figureText(one.figure, one.candidate),
      isShare(one) ? shareDifference(one.difference) : ratioDifference(one.difference),
      answerText(one.answer, one.isWorse) + needText(one.need),
    ]),
  );

const isShare = ({ figure }: FigureComparison): boolean => figure === 'recall' || figure === 'completeness';

function needText(need: Need | null): string {
  if (need === null) return '';
  switch (need.code) {
    case 'queries':
      return `: needs ${formatCount(need.data.queries)} queries`;
    case 'builds':
      return `: needs ${need.data.builds} builds a run`;
    case 'paired':
      return ': needs both measured in turn (pgvtune gate)';
  }
}

const method = ({ recall, work }: RunComparison['interest']): string =>
  [
    '## How to read this',
    '',
    `A figure is the **same** when its whole interval lies within ±${formatPercent(recall)} (recall, completeness; percentage points) or ±${formatPercent(work)} (work, size, latency), **different** when the interval excludes no change, and **unknown** otherwise. Intervals include what two builds of one index differ by. Sweeps are compared by the work that they need for the same recall, everything else at the same settings.`,
    '',
    'Latencies of different runs were not measured in turn, and the machine may have been another one at that hour. So they do not decide the answer, and count as different only where the work moved the same way.',
  ].join('\n');
