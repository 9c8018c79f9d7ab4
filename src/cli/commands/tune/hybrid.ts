import { hybridDecisionText, hybridOptionFigures, type RunView } from '../../../reports/index.js';
import type { HybridAnswer } from '../../../results/index.js';

/** The answer for hybrid queries, for people. */
export function hybridLines(run: RunView): readonly string[] {
  const answers = run.answer?.kind === 'tune' ? (run.answer.hybrid ?? []) : [];
  return answers.flatMap((answer) => ['', 'Hybrid queries:', ...bestLines(run, answer), ...controlLines(run, answer)]);
}

function bestLines(run: RunView, answer: HybridAnswer): readonly string[] {
  const { best, options } = answer;
  const why = `  ${hybridDecisionText(run, answer)}`;
  return best === null ? [why] : [`  ${hybridOptionFigures(run, options[best]!, options)}`, why];
}

/** What one leg alone gives. */
const controlLines = (run: RunView, { options, best }: HybridAnswer): readonly string[] =>
  options.flatMap((option, position) =>
    option.isControl && position !== best && option.point !== null
      ? [`  also measured: ${hybridOptionFigures(run, option, options)}`]
      : [],
  );
