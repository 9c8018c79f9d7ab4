import { shownRecall } from '../../../analysis/index.js';
import type { TuneAnswer } from '../../../results/index.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { comparison, comparisonRow } from '../comparison.js';
import { choicePoint, reasonText, type RunView, testedConfidence, tuneAnswer } from '../run-view.js';
import { quantileMsText, recallText } from '../../text/figures.js';

/** The recommendation beside the runner-up and what one gets without measuring. */
export function evidenceSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (!answer) return '';
  const { recommendation, runnerUp, baselines } = answer;
  const { evidence, words } = run.texts.sections;
  const rows = [
    ...(recommendation
      ? [comparisonRow(run, `**${evidence.recommended}**`, recommendation, choicePoint(run, recommendation))]
      : []),
    ...(runnerUp ? [comparisonRow(run, words.runnerUp, runnerUp, choicePoint(run, runnerUp))] : []),
    ...baselines.map(({ rule, choice }) =>
      comparisonRow(run, escapeText(run.texts.baselines[rule].name), choice, choicePoint(run, choice)),
    ),
  ];
  if (rows.length === 0) return '';
  return [
    `## ${evidence.heading}`,
    evidence.intro({
      timed: choicePoint(run, recommendation)?.measured?.latencyMs.n ?? null,
      exactQueries: measuredApart(run, answer),
      legend: evidence.legend,
    }),
    table(comparison(run), rows),
    ...(baselines.length > 0 ? [baselineText(run, answer)] : []),
  ].join('\n\n');
}

/** Queries of the exact scan, where it was not measured beside the others. */
function measuredApart(run: RunView, { recommendation, baselines }: TuneAnswer): number | null {
  const beside = choicePoint(run, recommendation)?.point.request;
  const exact = choicePoint(run, baselines.find(({ choice }) => choice.spec.method === 'none')?.choice ?? null);
  if (!beside || !exact?.measured || exact.point.request.queries === beside.queries) return null;
  return exact.measured.recall.queries;
}

/** What the reader would have got without measuring. */
function baselineText(run: RunView, answer: TuneAnswer): string {
  const { baselines, target } = answer;
  const { names, sections } = run.texts;
  const { evidence, words } = sections;
  const sentences = baselines.flatMap(({ rule, choice }) => {
    const { name, source } = run.texts.baselines[rule];
    const view = choicePoint(run, choice);
    if (!view) return [];
    const what = `**${escapeText(name)}**${source === null ? '' : ` (${escapeText(source)})`}: ${escapeText(names.choice(choice))}`;
    if (!view.measured)
      return [`${what}: ${words.status[view.point.status]}, ${escapeText(reasonText(run, view.point.reason))}`];
    const { mean } = view.measured.recall;
    if (choice.spec.method === 'none') {
      return [
        evidence.findsAll(
          `**${escapeText(name)}**`,
          quantileMsText(run, view.measured, 0.5),
          view.measured.latencyMs.n,
        ),
      ];
    }
    return [
      evidence.usual(what, {
        recall: recallText(mean),
        p50: quantileMsText(run, view.measured, 0.5),
        reaches: shownRecall(view.measured, testedConfidence(answer)) >= target.recall,
        target: target.recall,
      }),
    ];
  });
  return `${evidence.usualChoices}\n\n${list(sentences)}`;
}
