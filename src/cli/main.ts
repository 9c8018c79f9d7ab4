import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf, PgvtuneError } from '../errors.js';
import { benchCommand } from './commands/bench/command.js';
import { cleanCommand } from './commands/clean/command.js';
import { datasetCommand } from './commands/dataset/command.js';
import { doctorCommand } from './commands/doctor/command.js';
import { initCommand } from './commands/init/command.js';
import { planCommand } from './commands/plan/command.js';
import { recallCommand } from './commands/recall/command.js';
import { reportCommand } from './commands/report/command.js';
import { tuneCommand } from './commands/tune/command.js';
import type { Io } from './io.js';
import { printable } from './printable.js';
import { packageVersion } from './version.js';

/** A command of pgvtune: adds itself to the program; `exit` is called with the exit code when it has done its work. */
export type AddCommand = (program: Command, io: Io, exit: (code: number) => void) => void;

const COMMANDS: readonly AddCommand[] = [
  tuneCommand,
  benchCommand,
  planCommand,
  recallCommand,
  reportCommand,
  datasetCommand,
  doctorCommand,
  initCommand,
  cleanCommand,
];

/**
 * The command line, as a function.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code; see {@link EXIT}
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done;
  const program = new Command('pgvtune')
    .description(
      'Finds the cheapest pgvector index and settings that reach the recall you need, and shows the evidence.',
    )
    .version(packageVersion(), '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(pgvtune --help, or --help after a command, tells more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });
  for (const add of COMMANDS) {
    add(program, io, (exitCode) => {
      code = exitCode;
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    report(error, argv, io);
    return exitCodeOf(error);
  }
}

/** One document for programs, a sentence and a hint for people; a stack only with --debug, or for a defect of ours. */
function report(error: unknown, argv: readonly string[], io: Io): void {
  const known = error instanceof PgvtuneError;
  const message = printable(error instanceof Error ? error.message : String(error));
  if (argv.includes('--json')) {
    const { code, hint, sqlstate } = known ? error : { code: 'defect', hint: undefined, sqlstate: undefined };
    io.stdout.write(`${JSON.stringify({ error: { code, message, hint, sqlstate } }, null, 2)}\n`);
  }
  io.stderr.write(`Error: ${message}\n`);
  if (known && error.hint) io.stderr.write(`${error.hint}\n`);
  if (!known) io.stderr.write('This is a defect of pgvtune. Please report it with what follows.\n');
  if (!known || argv.includes('--debug')) io.stderr.write(`${stackOf(error)}\n`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? (error.stack ?? '') : `${error.stack ?? ''}\nCaused by: ${stackOf(error.cause)}`;
}
