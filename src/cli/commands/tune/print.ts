import { relative } from 'node:path';
import { describeSpec } from '../../../indexes/index.js';
import {
  describeChoice,
  pointOf,
  recommendedRecall,
  reuseSentence,
  viewRun,
  withReason,
} from '../../../reports/index.js';
import type { TuneAnswer } from '../../../results/index.js';
import { BOUND_TITLES } from '../../../tune/index.js';
import type { Io } from '../../io.js';
import { loadLines } from '../../load-lines.js';
import type { CommonOptions } from '../../options.js';
import { pointLine } from '../../point-line.js';
import { printRunJson } from '../../print-run-json.js';
import type { SearchOutcome } from '../../run-search.js';
import { style } from '../../style.js';
import { filteredLines } from './filtered.js';
import { hybridLines } from './hybrid.js';

/** The answer of `tune`, on standard output. */
export function printTuneAnswer(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  const { answer } = outcome;
  if (options.json || answer.kind !== 'tune') return printRunJson(outcome, io);
  const run = viewRun(outcome.files);
  const paint = style(io, options);
  const lines: string[] = [];
  if (answer.recommendation) {
    lines.push(paint.bold(paint.green(`Recommended: ${describeChoice(answer.recommendation)}`)));
    const view = pointOf(run, answer.recommendation.point);
    const recall = view?.measured ? recommendedRecall(answer, view.measured) : undefined;
    lines.push(`  ${pointLine(run, view, recall)}`);
  } else if (answer.verdict !== 'not asked') {
    const text = answer.nearest.length > 0 ? 'The target is not reached.' : 'Nothing could be measured.';
    lines.push(paint.bold(paint.red(text)));
    for (const { choice, misses } of answer.nearest.slice(0, 3)) lines.push(`  ${describeChoice(choice)}: ${misses}`);
  }
  if (answer.verdict !== 'not asked') lines.push('', withReason(run, answer.because, answer.reason));
  for (const text of [answer.advice?.defaults, answer.advice?.binding, reuseSentence(run)]) if (text) lines.push(text);
  lines.push(...infeasibleLines(answer));
  lines.push(...loadLines(run));
  if (answer.runnerUp)
    lines.push(
      '',
      `Runner-up: ${describeChoice(answer.runnerUp)}`,
      `  ${pointLine(run, pointOf(run, answer.runnerUp.point))}`,
    );
  for (const { name, choice } of answer.baselines) {
    lines.push(
      '',
      choice.spec.method === 'none' ? name : `${name}: ${describeChoice(choice)}`,
      `  ${pointLine(run, pointOf(run, choice.point))}`,
    );
  }
  lines.push(...filteredLines(run), ...hybridLines(run));
  lines.push('', ...outcome.reports.map((path) => relative(io.cwd, path)));
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What would have to give where nothing meets the target, and what else can be done. */
function infeasibleLines({ advice }: TuneAnswer): readonly string[] {
  const { relaxed = [], waysOut = [] } = advice ?? {};
  const bounds = relaxed.map(({ bound, spec, settings, point, needs }) => {
    const index = point === null ? describeSpec(spec) : describeChoice({ spec, settings });
    return `  ${BOUND_TITLES[bound]}: ${needs} (${index})`;
  });
  return [
    ...(bounds.length > 0 ? ['', 'What would do if one bound gave way:', ...bounds] : []),
    ...(waysOut.length > 0 ? ['', 'Ways out:', ...waysOut.map((text) => `  ${text}`)] : []),
  ];
}
