import type { Dataset } from '../../../datasets/index.js';
import { EXIT } from '../../../errors.js';
import { documentText } from '../../document-text.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

export const driftCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('drift'))
    .description('compare the data of two nights: have the vectors changed?')
    .argument('<base>', 'a name in datasets/, the first digits of a hash, or a file: the data of then')
    .argument('<candidate>', 'the data of now')
    .addHelpText(
      'after',
      `
Compares lengths, distances to the nearest vector, shares of regions and all distances by permutation tests, and counts the rows
whose vector only one dataset has. Where nothing changed, a change is reported with a chance of 1 % at most. It takes 5,000 vectors
of each side (datasets of about 11,000 rows, of which each gives half) to say that nothing changed; fewer leave it undecided.

Examples:
  pgvtune dataset sample --server env --table app.items --rows 20000 --name items-tonight
  pgvtune drift items-last-night items-tonight

Exit codes: 0 no change shown; 1 changed; 2 usage, other dimensions or metric; 3 unknown: too few vectors; 130 interrupted.`,
    )
    .action(async (baseName: string, candidateName: string, options: CommonOptions) => {
      const { readPair } = await import('../../../datasets/index.js');
      const { judgeDrift, MOST_COMPARED, MOST_REFERENCE } = await import('../../../nightly/index.js');
      const { driftDocument } = await import('../../../reports/index.js');
      const { openNamedDataset } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const { driftView, refuseUnlike } = await import('./view.js');
      const reporter = createReporter(io, options);
      const opened: Dataset[] = [];
      try {
        for (const name of [baseName, candidateName]) opened.push(await openNamedDataset(name, { io, reporter }));
        const [base, candidate] = opened as [Dataset, Dataset];
        refuseUnlike(base, candidate);
        const pair = await readPair(base, candidate, {
          rows: { base: MOST_REFERENCE + MOST_COMPARED, candidate: MOST_COMPARED },
          signal: io.signal,
        });
        const drift = judgeDrift({
          metric: base.manifest.metric,
          isSameData: base.manifest.hash === candidate.manifest.hash,
          base: pair.base.sample,
          candidate: pair.candidate.sample,
        });
        const view = await driftView({ base, candidate, pair, drift });
        io.stdout.write(options.json ? documentText('drift', view) : driftDocument(view));
        exit({ same: EXIT.done, different: EXIT.no, unknown: EXIT.inconclusive }[drift.answer]);
      } finally {
        for (const dataset of opened) dataset.close();
      }
    });
};
