import { shownRecall } from '../../../analysis/index.js';
import type { Measured, TuneAnswer } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
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
import { buffersText, quantileMsText, recallCell } from '../../text/figures.js';
import { bestOfFilter, filterName } from '../filtered/names.js';
import { optionFigures } from '../hybrid/names.js';

/** What to use, what was asked for, and what to expect of it. */
export function decisionSection(run: RunView): string {
  return [`## ${run.texts.sections.decision.heading}`, ...decision(run)].join('\n\n');
}

function decision(run: RunView): readonly string[] {
  const answer = tuneAnswer(run);
  const { names, sections } = run.texts;
  const { decision: texts } = sections;
  if (!run.answer) return [texts.unfinished];
  if (!answer) return [texts.bench, ...layoutText(run)];
  if (answer.verdict === 'not asked') return withoutPlain(run, answer);
  const chosen = choicePoint(run, answer.recommendation);
  if (!chosen?.measured || !answer.recommendation) {
    const reason = escapeText(becauseText(run, answer));
    const text = answer.nearest.length === 0 ? texts.inconclusive(reason) : texts.notReached(reason);
    return [text, targetText(run, answer), ...layoutText(run)];
  }
  return [
    texts.use(escapeText(names.choice(answer.recommendation))),
    targetText(run, answer),
    expected(run, answer, { ...chosen, measured: chosen.measured }),
    ...layoutText(run),
    ...confidencePriceText(run, answer),
    escapeText(becauseText(run, answer)),
    ...(run.manifest.dataset.synthetic ? [texts.generated] : []),
  ];
}

/** What was measured where that is not one table. */
const layoutText = ({ manifest: { layout }, texts }: RunView): readonly string[] =>
  layout?.kind === 'partitioned' ? [texts.sections.decision.partitioned(layout.partitions)] : [];

/** Every other workload's answer in a line; its SQL and evidence have a section of their own. */
function withoutPlain(run: RunView, { filtered = [], hybrid = [] }: TuneAnswer): readonly string[] {
  const { hybridQueries, noStrategy, eachWorkload } = run.texts.sections.decision;
  const lines = [
    ...filtered.flatMap(({ filters }) =>
      filters.map((filter) => `**${escapeText(filterName(run, filter))}**: ${escapeText(bestOfFilter(run, filter))}`),
    ),
    ...hybrid.map(({ options, best }) =>
      best === null
        ? `**${hybridQueries}**: ${noStrategy}`
        : `**${hybridQueries}**: ${escapeText(optionFigures(run, options[best]!, options))}`,
    ),
  ];
  return [eachWorkload, list(lines)];
}

function confidencePriceText(run: RunView, answer: TuneAnswer): readonly string[] {
  const line = confidencePriceLine(run, answer);
  return line === '' ? [] : [run.texts.sections.decision.confidencePrice(escapeText(line))];
}

function targetText({ points, texts }: RunView, { target }: TuneAnswer): string {
  const { decision: own } = texts.sections;
  const [any] = points.values();
  return own.target(target, any?.request.workload.k ?? null, own.objectives[target.minimise]);
}

function expected(
  run: RunView,
  answer: TuneAnswer,
  { point, build, measured }: PointView & { readonly measured: Measured },
): string {
  const { distanceRatio } = measured.recall;
  const { decision: texts, words } = run.texts.sections;
  const server = escapeText(run.manifest.server.label);
  return table(
    [texts.expected, ''],
    [
      [
        `recall@${point.request.workload.k}`,
        `${recallCell(run, recommendedRecall(answer, measured), { isExact: build.index === null })}, ${sampleText(run, answer, { build, measured })}`,
      ],
      ...shownRow(run, answer, { point, measured }),
      ...(typeof distanceRatio === 'number' && distanceRatio > 1.00005
        ? [[texts.distanceRatio, texts.fartherAway(distanceRatio)]]
        : []),
      ...[0.5, 0.95].map((p) => [`p${100 * p}`, texts.onServer(quantileMsText(run, measured, p), server)]),
      [words.buffersPerQuery, buffersText(measured.buffers)],
      ...(build.index
        ? [
            [words.indexSize, formatBytes(build.index.bytes)],
            [texts.buildTime, formatMs(build.seconds * 1000)],
          ]
        : []),
      [words.plan, planNode(run, measured)],
    ],
  );
}

/** What the target asks to be shown, of any build where several were measured. */
function shownRow(
  { texts }: RunView,
  answer: TuneAnswer,
  { point, measured }: Pick<PointView, 'point'> & { readonly measured: Measured },
): readonly (readonly [string, string])[] {
  if (point.request.build.startsWith('none')) return [];
  const { buildVariance, target } = answer;
  const shown = buildVariance ? buildVariance.shown : shownRecall(measured, testedConfidence(answer));
  // Runs of former versions do not hold it.
  if (shown === undefined) return [];
  const { decision: own } = texts.sections;
  const how = { confidence: target.confidence, ofBuilds: Boolean(buildVariance), tested: answer.tested ?? 1 };
  return [[own.lowerBound(point.request.workload.k), own.shown(atLeast(shown), how)]];
}

/** Rounded down: what is shown is not less. */
const atLeast = (recall: number): string => (Math.floor(1e4 * recall) / 1e4).toFixed(4);

const planNode = ({ texts }: RunView, { plan }: Measured): string =>
  texts.sections.decision.planChecked(
    escapeText(plan.node),
    plan.index === null ? null : code(plan.index),
    plan.checks,
  );

/** What the interval of the recall rests on. */
function sampleText(
  { texts }: RunView,
  { buildVariance }: TuneAnswer,
  { build, measured: { recall } }: Pick<PointView, 'build'> & { readonly measured: Measured },
): string {
  return texts.sections.decision.sample(recall.queries, {
    builds: buildVariance?.builds.length ?? null,
    needed: build.index && recall.queriesNeeded ? recall.queriesNeeded : null,
  });
}
