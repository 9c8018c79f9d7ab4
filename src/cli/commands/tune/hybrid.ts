import { describeSettings } from '../../../indexes/index.js';
import { hybridDecisionText, hybridOptionName, quantileMsText, type RunView } from '../../../reports/index.js';
import type { HybridAnswer, HybridOption } from '../../../results/index.js';

/** The answer for hybrid queries, for people. */
export function hybridLines(run: RunView): readonly string[] {
  const answers = run.answer?.kind === 'tune' ? (run.answer.hybrid ?? []) : [];
  return answers.flatMap((answer) => ['', 'Hybrid queries:', ...bestLines(run, answer), ...controlLines(run, answer)]);
}

function bestLines(run: RunView, answer: HybridAnswer): readonly string[] {
  const { best, options } = answer;
  const why = `  ${hybridDecisionText(run, answer)}`;
  return best === null ? [why] : [`  ${optionText(run, options[best]!, options)}`, why];
}

/** What one leg alone gives. */
const controlLines = (run: RunView, { options, best }: HybridAnswer): readonly string[] =>
  options.flatMap((option, position) =>
    option.isControl && position !== best && option.point !== null
      ? [`  also measured: ${optionText(run, option, options)}`]
      : [],
  );

function optionText(run: RunView, option: HybridOption, all: readonly HybridOption[]): string {
  const { settings, point } = option;
  const measured = point === null ? null : run.workloadPoints.get(point)?.measured;
  const text = describeSettings(settings);
  const judged = measured?.ranking?.judged;
  return [
    hybridOptionName(run, option, all),
    ...(text === '–' ? [] : [text]),
    ...(measured ? [`p50 ${quantileMsText(measured, 0.5)}`] : []),
    ...(judged ? [`nDCG ${judged.ndcg.value.toFixed(3)}`] : []),
  ].join(', ');
}
