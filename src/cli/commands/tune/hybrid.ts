import { describeSettings } from '../../../indexes/index.js';
import { quantileText, type RunView } from '../../../reports/index.js';
import type { HybridAnswer, HybridOption } from '../../../results/index.js';

/** The answer for hybrid queries, for people. */
export function hybridLines(run: RunView): readonly string[] {
  const answers = run.answer?.kind === 'tune' ? (run.answer.hybrid ?? []) : [];
  return answers.flatMap((answer) => ['', 'Hybrid queries:', ...bestLines(run, answer), ...controlLines(run, answer)]);
}

function bestLines(run: RunView, { best, options, because }: HybridAnswer): readonly string[] {
  const option = best === null ? undefined : options[best];
  if (!option) return [`  ${because}`];
  return [`  ${optionText(run, option)}`, `  ${because}`];
}

/** What one leg alone gives. */
const controlLines = (run: RunView, { options, best }: HybridAnswer): readonly string[] =>
  options.flatMap((option, position) =>
    option.isControl && position !== best && option.point !== null ? [`  beside it: ${optionText(run, option)}`] : [],
  );

function optionText(run: RunView, { title, settings, point }: HybridOption): string {
  const measured = point === null ? null : run.workloadPoints.get(point)?.measured;
  const text = describeSettings(settings);
  const judged = measured?.ranking?.judged;
  return [
    title,
    ...(text === '–' ? [] : [text]),
    ...(measured ? [`p50 ${quantileText(measured, 0.5)} ms`] : []),
    ...(judged ? [`nDCG ${judged.ndcg.value.toFixed(3)}`] : []),
  ].join(', ');
}
