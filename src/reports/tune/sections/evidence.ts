import { shownRecall } from '../../../analysis/index.js';
import { describeChoice } from '../../../indexes/index.js';
import type { Choice, TuneAnswer } from '../../../results/index.js';
import { formatCount } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { comparison, COMPARISON_LEGEND, comparisonRow } from '../comparison.js';
import { choicePoint, reasonText, type RunView, testedConfidence, tuneAnswer } from '../run-view.js';
import { quantileMsText, recallText } from '../../text/figures.js';

/** The recommendation beside the runner-up and what one gets without measuring. */
export function evidenceSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (!answer) return '';
  const { recommendation, runnerUp, baselines } = answer;
  const rows = [
    ...(recommendation
      ? [comparisonRow(run, '**recommended**', recommendation, choicePoint(run, recommendation))]
      : []),
    ...(runnerUp ? [comparisonRow(run, 'runner-up', runnerUp, choicePoint(run, runnerUp))] : []),
    ...baselines.map(({ rule, choice }) =>
      comparisonRow(run, escapeText(run.texts.baselines[rule].name), choice, choicePoint(run, choice)),
    ),
  ];
  if (rows.length === 0) return '';
  return [
    '## Evidence',
    `Measured interleaved: the same queries in alternating blocks on one backend${timedText(run, recommendation)}.${apartText(run, answer)} ` +
      `Recall counts ties; intervals are 95 %. ${COMPARISON_LEGEND}`,
    table(comparison(run), rows),
    ...(baselines.length > 0 ? [baselineText(run, answer)] : []),
  ].join('\n\n');
}

/** What the table holds that was not measured beside the others. */
function apartText(run: RunView, { recommendation, baselines }: TuneAnswer): string {
  const beside = choicePoint(run, recommendation)?.point.request;
  const exact = choicePoint(run, baselines.find(({ choice }) => choice.spec.method === 'none')?.choice ?? null);
  if (!beside || !exact?.measured || exact.point.request.queries === beside.queries) return '';
  return ` The exact scan was measured separately, on ${formatCount(exact.measured.recall.queries)} queries.`;
}

function timedText(run: RunView, recommendation: Choice | null): string {
  const n = choicePoint(run, recommendation)?.measured?.latencyMs.n;
  return n === undefined ? '' : `, ${formatCount(n)} timed round trips each`;
}

/** What the reader would have got without measuring. */
function baselineText(run: RunView, answer: TuneAnswer): string {
  const { baselines, target } = answer;
  const sentences = baselines.flatMap(({ rule, choice }) => {
    const { name, source } = run.texts.baselines[rule];
    const view = choicePoint(run, choice);
    if (!view) return [];
    const what = `**${escapeText(name)}**${source === null ? '' : ` (${escapeText(source)})`}: ${escapeText(describeChoice(choice))}`;
    if (!view.measured) return [`${what}: ${view.point.status}, ${escapeText(reasonText(run, view.point.reason))}`];
    const { mean } = view.measured.recall;
    if (choice.spec.method === 'none') {
      return [
        `**${escapeText(name)}**: finds every neighbour, p50 ${quantileMsText(view.measured, 0.5)} (n = ${formatCount(view.measured.latencyMs.n)}).`,
      ];
    }
    const isShown = shownRecall(view.measured, testedConfidence(answer)) >= target.recall;
    const reaches = isShown ? 'reaches the target' : 'is not shown to reach the target';
    return [
      `${what}: recall ${recallText(mean)}, p50 ${quantileMsText(view.measured, 0.5)}; ${reaches} of ${target.recall}.`,
    ];
  });
  return `The usual choices, for comparison:\n\n${list(sentences)}`;
}
