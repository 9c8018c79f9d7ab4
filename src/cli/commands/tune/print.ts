import { describeChoice, describeSpec } from '../../../indexes/index.js';
import {
  becauseText,
  budgetLine,
  choicePoint,
  confidencePriceLine,
  controlLine,
  omissionTexts,
  recommendedRecall,
  reuseSentence,
  type RunView,
  textOf,
  viewRun,
} from '../../../reports/index.js';
import type { TuneAnswer } from '../../../results/index.js';
import type { Io } from '../../io.js';
import { printedPath } from '../../printed-path.js';
import { loadLines } from '../../load-lines.js';
import type { CommonOptions } from '../../options.js';
import { pointLine } from '../../point-line.js';
import { printRunJson } from '../../print-run-json.js';
import type { SearchOutcome } from '../../run-search.js';
import { style } from '../../style.js';
import { configurationLines } from './configuration.js';
import { filteredLines } from './filtered.js';
import { hybridLines } from './hybrid.js';

/** The answer of `tune`, on standard output. */
export function printTuneAnswer(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  const { answer } = outcome;
  if (options.json || answer.kind !== 'tune') return printRunJson('tune', outcome, io);
  const run = viewRun(outcome.files);
  const paint = style(io, options);
  const lines: string[] = [];
  if (answer.recommendation) {
    lines.push(paint.bold(paint.green(`Recommended: ${describeChoice(answer.recommendation)}`)));
    const view = choicePoint(run, answer.recommendation);
    const recall = view?.measured ? recommendedRecall(answer, view.measured) : undefined;
    lines.push(`  ${pointLine(run, view, recall)}`);
  } else if (answer.verdict !== 'not asked') {
    const text = answer.nearest.length > 0 ? 'The target was not reached.' : 'Nothing could be measured.';
    lines.push(paint.bold(paint.red(text)));
    for (const { choice, unmet } of answer.nearest.slice(0, 3)) {
      lines.push(`  ${describeChoice(choice)}: ${unmet.map((one) => textOf(run.texts.unmet, one)).join('; ')}`);
    }
  }
  if (run.control) lines.push('', controlLine(run, run.control));
  if (answer.verdict !== 'not asked') lines.push('', becauseText(run, answer));
  const price = confidencePriceLine(run, answer);
  if (price !== '') lines.push('', price);
  lines.push(...adviceLines(run, answer), ...infeasibleLines(run, answer));
  lines.push(...loadLines(run));
  if (answer.runnerUp)
    lines.push(
      '',
      `Runner-up: ${describeChoice(answer.runnerUp)}`,
      `  ${pointLine(run, choicePoint(run, answer.runnerUp))}`,
    );
  for (const { rule, choice } of answer.baselines) {
    const { name } = run.texts.baselines[rule];
    lines.push(
      '',
      choice.spec.method === 'none' ? name : `${name}: ${describeChoice(choice)}`,
      `  ${pointLine(run, choicePoint(run, choice))}`,
    );
  }
  lines.push(...configurationLines(run), ...filteredLines(run), ...hybridLines(run));
  const budget = budgetLine(run);
  if (budget !== '') lines.push('', budget, ...omissionTexts(run).map((text) => `  ${text}`));
  lines.push('', ...outcome.reports.map((path) => printedPath(path, io)));
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What the search knows beside the recommendation. */
function adviceLines(run: RunView, { advice }: TuneAnswer): readonly string[] {
  const { defaults = null, binding = null } = advice ?? {};
  const reuse = reuseSentence(run);
  return [
    ...(defaults ? [textOf(run.texts.defaultIndexes, defaults)] : []),
    ...(binding ? [textOf(run.texts.bindings, binding)] : []),
    ...(reuse ? [reuse] : []),
  ];
}

/** What would have to give where nothing meets the target, and what else can be done. */
function infeasibleLines({ texts }: RunView, { advice }: TuneAnswer): readonly string[] {
  const { relaxed = [], waysOut = [] } = advice ?? {};
  const bounds = relaxed.map(({ need, spec, settings, point }) => {
    const index = point === null ? describeSpec(spec) : describeChoice({ spec, settings });
    return `  ${texts.bounds[need.code]}: ${textOf(texts.needs, need)} (${index})`;
  });
  return [
    ...(bounds.length > 0 ? ['', 'If one bound were relaxed:', ...bounds] : []),
    ...(waysOut.length > 0 ? ['', 'Ways out:', ...waysOut.map((way) => `  ${textOf(texts.waysOut, way)}`)] : []),
  ];
}
