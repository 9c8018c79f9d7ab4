import { describeChoice } from '../../../indexes/index.js';
import { pointOf, shardLines, viewRun } from '../../../reports/index.js';
import type { Io } from '../../io.js';
import { printedPath } from '../../printed-path.js';
import { loadLines } from '../../load-lines.js';
import type { CommonOptions } from '../../options.js';
import { pointLine } from '../../point-line.js';
import { printRunJson } from '../../print-run-json.js';
import type { SearchOutcome } from '../../run-search.js';

const FRONT = ['* on the Pareto front over recall, p95, index size and build time'];

/** The points of `bench`, on standard output. */
export function printBenchAnswer(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  if (options.json || outcome.answer.kind !== 'bench') return printRunJson('bench', outcome, io);
  const run = viewRun(outcome.files);
  const front = new Set(outcome.answer.front);
  const lines = [...run.points.keys()].flatMap((key) => {
    const view = pointOf(run, key);
    if (!view) return [];
    const { build, point } = view;
    return `${front.has(key) ? '*' : ' '} ${describeChoice({ spec: build.request.spec, settings: point.request.settings })}: ${pointLine(run, view)}`;
  });
  if (run.sharded.length === 0) lines.push('');
  lines.push(
    ...(run.sharded.length > 0 ? shardLines(run) : FRONT),
    ...loadLines(run),
    '',
    ...outcome.reports.map((path) => printedPath(path, io)),
  );
  io.stdout.write(`${lines.join('\n')}\n`);
}
