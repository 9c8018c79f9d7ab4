import {
  hybridDecisionText,
  hybridObstacleText,
  hybridOptionFigures,
  type RunView,
  textOf,
} from '../../../reports/index.js';
import type { HybridAnswer } from '../../../results/index.js';

/** The answer for hybrid queries, for people. */
export function hybridLines(run: RunView): readonly string[] {
  const answers = run.answer?.kind === 'tune' ? (run.answer.hybrid ?? []) : [];
  return answers.flatMap((answer) => [
    '',
    'Hybrid queries:',
    ...(answer.best === null ? refusedLines(run, answer) : bestLines(run, answer, answer.best)),
    ...answer.remarks.map((remark) => `  ${textOf(run.texts.hybrid.remarks, remark)}`),
  ]);
}

const bestLines = (run: RunView, answer: HybridAnswer, best: number): readonly string[] => [
  `  ${hybridOptionFigures(run, answer.options[best]!, answer.options)}`,
  `  ${hybridDecisionText(run, answer)}`,
  ...controlLines(run, answer),
];

/** Why it is none of the strategies. */
const refusedLines = (run: RunView, answer: HybridAnswer): readonly string[] => [
  `  ${hybridDecisionText(run, answer)}`,
  ...answer.options.map((option) => {
    const why = option.why === null ? option.outcome : hybridObstacleText(run, option.why);
    return `  ${hybridOptionFigures(run, option, answer.options)}: ${why}`;
  }),
];

/** What one leg alone gives. */
const controlLines = (run: RunView, { options, best }: HybridAnswer): readonly string[] =>
  options.flatMap((option, position) =>
    option.isControl && position !== best && option.point !== null
      ? [`  also measured: ${hybridOptionFigures(run, option, options)}`]
      : [],
  );
