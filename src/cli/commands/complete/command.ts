import { Command } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { resultsFolder } from '../../place-of-run.js';
import { linesOf } from './lines-of.js';
import { type Kind, offerNames } from './offer-names.js';

const SHELLS = ['bash', 'zsh', 'fish'];

export const completeCommand: AddCommand = (program, io, exit) => {
  program
    .command('complete')
    .description('print a script by which a shell completes commands, options, runs and datasets')
    .argument('[words...]', SHELLS.join(', '))
    .addHelpText(
      'after',
      `
The script asks pgvtune itself: \`pgvtune complete -- WORDS\` prints what may stand in the place of the last word.

Examples:
  echo 'eval "$(pgvtune complete bash)"' >> ~/.bashrc       needs the package bash-completion
  echo 'source <(pgvtune complete zsh)' >> ~/.zshrc         after compinit
  pgvtune complete fish > ~/.config/fish/completions/pgvtune.fish`,
    )
    .action(async (words: readonly string[]) => {
      // Kept by commander, though its types do not say so.
      const { rawArgs } = program as Command & { readonly rawArgs: readonly string[] };
      const lines = rawArgs.includes('--') ? await candidates(program, words, io) : await script(words);
      io.stdout.write(lines.map((line) => `${line}\n`).join(''));
      exit(EXIT.done);
    });
};

async function script([shell = '', ...more]: readonly string[]): Promise<readonly string[]> {
  if (!SHELLS.includes(shell) || more.length > 0) {
    throw new PgvtuneError('usage', `Expected a shell, got ${JSON.stringify([shell, ...more].join(' '))}.`, {
      hint: `There are ${SHELLS.join(', ')}.`,
    });
  }
  const tab = await import('@bomb.sh/tab');
  const lines = linesOf(() => tab.script(shell, 'pgvtune', 'pgvtune'));
  // Without `default` bash would offer no files, whatever is answered.
  return shell === 'bash' ? [...lines, 'complete -o default -F __pgvtune_complete pgvtune'] : lines;
}

/** Answers of the shell's file completion: it is left out where there are candidates, and used where there are none. */
const FILES = ':0';

/** What may stand in the place of the last word, a line each, and last what the shell is to do besides. */
async function candidates(program: Command, words: readonly string[], io: Io): Promise<readonly string[]> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  // A program of its own: the adapter adds a command `complete` to what it is given.
  const all = new Command(program.name());
  for (const command of program.commands) if (command.name() !== 'complete') all.addCommand(command);
  const completion = tab(all);
  const names = new Map<Kind, readonly string[]>();
  const wanted = new Set<Kind>();
  offerNames(all, completion, (kind) => {
    wanted.add(kind);
    return names.get(kind) ?? [];
  });
  // It asks for names at once, and they are read from the disk: so once to hear which, and once more with them.
  const answer = (): readonly string[] => linesOf(() => completion.parse([...words]));
  const first = answer();
  for (const kind of wanted) names.set(kind, await namesOf(kind, io));
  const lines = wanted.size === 0 ? first : answer();
  return lines.length === 1 && !words.at(-1)?.startsWith('-') ? [FILES] : lines;
}

async function namesOf(kind: Kind, io: Io): Promise<readonly string[]> {
  if (kind === 'run') {
    const { listRuns } = await import('../../../results/index.js');
    return listRuns(resultsFolder(io.cwd));
  }
  const { listDatasets } = await import('../../../datasets/index.js');
  const { datasetStore } = await import('../../open-dataset.js');
  return (await listDatasets(datasetStore(io))).flatMap(({ names }) => names);
}
