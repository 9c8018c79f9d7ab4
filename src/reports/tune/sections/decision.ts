import { shownRecall } from '../../../analysis/index.js';
import { describeChoice } from '../../../indexes/index.js';
import type { Measured, TuneAnswer } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import { code, escapeText, list, table } from '../../text/markdown.js';
import {
  choicePoint,
  type PointView,
  recommendedRecall,
  type RunView,
  tuneAnswer,
  becauseText,
  confidencePriceLine,
  testedConfidence,
} from '../run-view.js';
import { confidenceText, quantileMsText, recallCell } from '../../text/figures.js';
import { bestOfFilter, filterName } from '../filtered/names.js';
import { optionFigures } from '../hybrid/names.js';

/** What to use, what was asked for, and what to expect of it. */
export function decisionSection(run: RunView): string {
  return ['## Decision', ...decision(run)].join('\n\n');
}

function decision(run: RunView): readonly string[] {
  const answer = tuneAnswer(run);
  if (!run.answer) {
    return ['> **The run is unfinished.** The figures below were measured so far; `--resume` continues it.'];
  }
  if (!answer) {
    return [
      'Every combination in the configuration was measured. `pgvtune bench` makes no recommendation; `pgvtune tune` does.',
    ];
  }
  if (answer.verdict === 'not asked') return withoutPlain(run, answer);
  const chosen = choicePoint(run, answer.recommendation);
  if (!chosen?.measured || !answer.recommendation) {
    const reason = escapeText(becauseText(run, answer));
    if (answer.nearest.length === 0) return [`**Inconclusive.** ${reason}`, targetText(run, answer)];
    return [`**The target was not reached.** ${reason}`, targetText(run, answer)];
  }
  return [
    `**Use ${escapeText(describeChoice(answer.recommendation))}.**`,
    targetText(run, answer),
    expected(run, answer, { ...chosen, measured: chosen.measured }),
    ...confidencePriceText(run, answer),
    escapeText(becauseText(run, answer)),
    ...(run.manifest.dataset.synthetic
      ? [
          '> The vectors were **generated**: the figures show what pgvtune does; they are no recommendation for real data.',
        ]
      : []),
  ];
}

/** Every other workload's answer in a line; its SQL and evidence have a section of their own. */
function withoutPlain(run: RunView, { filtered = [], hybrid = [] }: TuneAnswer): readonly string[] {
  const lines = [
    ...filtered.flatMap(({ filters }) =>
      filters.map((filter) => `**${escapeText(filterName(filter))}**: ${escapeText(bestOfFilter(run, filter))}`),
    ),
    ...hybrid.map(({ options, best }) =>
      best === null
        ? '**Hybrid queries**: no strategy reaches the target'
        : `**Hybrid queries**: ${escapeText(optionFigures(run, options[best]!, options))}`,
    ),
  ];
  return ['**Use for each workload** (the configuration has no plain one):', list(lines)];
}

function confidencePriceText(run: RunView, answer: TuneAnswer): readonly string[] {
  const line = confidencePriceLine(run, answer);
  return line === '' ? [] : [`**Price of the confidence.** ${escapeText(line)}`];
}

const OBJECTIVES: Readonly<Record<TuneAnswer['target']['minimise'], string>> = {
  p95: 'minimise p95 latency',
  throughput: 'minimise the mean time of a query on one connection',
  buffers: 'minimise buffers per query',
  index_bytes: 'minimise index size',
  build_seconds: 'minimise build time',
};

function targetText({ points }: RunView, { target }: TuneAnswer): string {
  const { recall, confidence, p95Ms, indexBytes, buildMemoryBytes, buildSeconds, minimise } = target;
  const [any] = points.values();
  const bounds = [
    `recall${any ? `@${any.request.workload.k}` : ''} ≥ ${recall} with ${confidenceText(confidence)} confidence (one-sided)`,
    ...(p95Ms === undefined ? [] : [`p95 ≤ ${formatMs(p95Ms)}`]),
    ...(indexBytes === undefined ? [] : [`index size ≤ ${formatBytes(indexBytes)}`]),
    ...(buildMemoryBytes === undefined ? [] : [`build memory ≤ ${formatBytes(buildMemoryBytes)}`]),
    ...(buildSeconds === undefined ? [] : [`build time ≤ ${formatMs(1000 * buildSeconds)}`]),
  ];
  return `**Target:** ${bounds.join(', ')}. **Objective:** ${OBJECTIVES[minimise]} among the configurations that meet it.`;
}

function expected(
  run: RunView,
  answer: TuneAnswer,
  { point, build, measured }: PointView & { readonly measured: Measured },
): string {
  const { distanceRatio } = measured.recall;
  const server = escapeText(run.manifest.server.label);
  return table(
    ['expected', ''],
    [
      [
        `recall@${point.request.workload.k}`,
        `${recallCell(recommendedRecall(answer, measured), { isExact: build.index === null })}, ${sampleText(answer, { build, measured })}`,
      ],
      ...shownRow(answer, { point, measured }),
      ...(typeof distanceRatio === 'number' && distanceRatio > 1.00005
        ? [
            [
              'distance ratio',
              `${distanceRatio.toFixed(4)}: the returned rows are ${formatPercent(distanceRatio - 1, 2)} farther away than the exact neighbours`,
            ],
          ]
        : []),
      ['p50', `${quantileMsText(measured, 0.5)} on ${server}`],
      ['p95', `${quantileMsText(measured, 0.95)} on ${server}`],
      ['buffers', `${formatCount(Math.round(measured.buffers.mean.value))} per query`],
      ...(build.index
        ? [
            ['index size', formatBytes(build.index.bytes)],
            ['build time', formatMs(build.seconds * 1000)],
          ]
        : []),
      ['plan', planNode(measured)],
    ],
  );
}

/** What the target asks to be shown, of any build where several were measured. */
function shownRow(
  answer: TuneAnswer,
  { point, measured }: Pick<PointView, 'point'> & { readonly measured: Measured },
): readonly (readonly [string, string])[] {
  if (point.request.build.startsWith('none')) return [];
  const { buildVariance, target } = answer;
  const shown = buildVariance ? buildVariance.shown : shownRecall(measured, testedConfidence(answer));
  // Runs of former versions do not hold it.
  if (shown === undefined) return [];
  const ofBuilds = buildVariance ? ' for any build' : '';
  const tested = answer.tested ?? 1;
  const among = tested > 1 ? `, corrected for ${tested} tested indexes` : '';
  return [
    [
      `recall@${point.request.workload.k}, lower bound`,
      `${atLeast(shown)}${ofBuilds} with ${confidenceText(target.confidence)} confidence (one-sided${among})`,
    ],
  ];
}

/** Rounded down: what is shown is not less. */
const atLeast = (recall: number): string => (Math.floor(1e4 * recall) / 1e4).toFixed(4);

const planNode = ({ plan }: Measured): string =>
  `${escapeText(plan.node)}${plan.index === null ? '' : ` on ${code(plan.index)}`}, checked ${formatCount(plan.checks)} times`;

/** What the interval of the recall rests on. */
function sampleText(
  { buildVariance }: TuneAnswer,
  { build, measured: { recall } }: Pick<PointView, 'build'> & { readonly measured: Measured },
): string {
  const builds = buildVariance ? `for any build (${buildVariance.builds.length} were measured), ` : '';
  const needed =
    build.index && recall.queriesNeeded
      ? ` (about ${formatCount(recall.queriesNeeded)} would narrow it to ±0.005)`
      : '';
  return `${builds}n = ${formatCount(recall.queries)} queries${needed}`;
}
