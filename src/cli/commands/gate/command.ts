import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type MeasureOptions, realNumber, share, toOverrides, withMeasureOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface GateOptions extends MeasureOptions {
  readonly baseline: string;
  readonly smallest: number;
  readonly budget: string;
  readonly recallChange: number;
  readonly workChange: number;
}

export const gateCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('gate'))
    .description('run tune, then measure its recommendation and that of a baseline interleaved: is it slower?')
    .requiredOption('--baseline <run>', 'name or folder of a run of tune or gate')
    .option('--recall <share>', 'target for the mean recall, such as 0.95', realNumber)
    .option('--smallest <share>', 'smallest slowdown that matters', share, 0.05)
    .option(
      '--budget <duration>',
      'time limit for the timed queries of both sides together; the first look is always taken',
      '60s',
    )
    .option('--recall-change <share>', 'smallest change of recall since the baseline that matters', share, 0.01)
    .option('--work-change <share>', 'smallest change of work and size since the baseline that matters', share, 0.1)
    .option('--no-reuse', 'ignore measurements of earlier runs')
    .addHelpText(
      'after',
      `
Without a configuration, that of the baseline is measured again. Both settings answer the same queries in alternating blocks
on one connection. The gate looks after about 20, 60, 140 … pairs of blocks, and stops as soon as it knows. Over all looks, an alarm
has a chance of 0.1 % when nothing changed, and a slowdown of the smallest size is missed with a chance of 2 %.

Examples:
  pgvtune gate --baseline baselines/docs
  pgvtune gate pgvtune.yaml --baseline 20261122-020000-tune-docs --smallest 0.1 --budget 2min

Exit codes: 0 passed, 1 worse than the baseline, 2 usage, unlike runs, 3 undecided or not measured, 4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: GateOptions) => {
      const path = await import('node:path');
      const { writeAtomically } = await import('../../../results/index.js');
      const { readEarlier } = await import('../../recommendation-of-run.js');
      const { DEFAULT_RULES, gateFromConfig, judgeGate } = await import('../../../nightly/index.js');
      const { gateDocument, gateSentence } = await import('../../../reports/index.js');
      const { parseMs } = await import('../../../units.js');
      const { runSearch } = await import('../../run-search.js');
      const baseline = readEarlier(options.baseline, io);
      const rules = { ...DEFAULT_RULES, smallest: options.smallest };
      const budgetMs = parseMs(options.budget);
      const outcome = await runSearch(
        {
          command: 'gate',
          file: file ?? null,
          overrides: toOverrides(options),
          options,
          io,
          ...(file === undefined ? { like: baseline.manifest } : {}),
        },
        (config) => gateFromConfig(config, { baseline, rules, budgetMs }),
      );
      const { answer, files } = outcome;
      if (answer.kind !== 'gate') throw new TypeError(`Expected the answer of a gate, got ${answer.kind}.`);
      const judgement = judgeGate(baseline, files, answer, { recall: options.recallChange, work: options.workChange });
      const report = path.join(outcome.folder, 'gate.md');
      writeAtomically(report, gateDocument(judgement, answer));
      if (options.json)
        io.stdout.write(
          documentText('gate', { run: outcome.run, ...judgement, reports: [report, ...outcome.reports] }),
        );
      else io.stdout.write(`${VERDICTS[judgement.verdict]} ${gateSentence(judgement, answer)}\n\n${report}\n`);
      exit(EXITS[judgement.verdict]);
    });
};

const VERDICTS = { good: 'Passed.', bad: 'Failed.', undecided: 'Undecided.' } as const;
const EXITS = { good: EXIT.done, bad: EXIT.no, undecided: EXIT.inconclusive } as const;
