import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from '../errors.js';
import { auditCommand } from './commands/audit/command.js';
import { benchCommand } from './commands/bench/command.js';
import { capacityCommand } from './commands/capacity/command.js';
import { churnCommand } from './commands/churn/command.js';
import { cleanCommand } from './commands/clean/command.js';
import { completeCommand } from './commands/complete/command.js';
import { compareCommand } from './commands/compare/command.js';
import { datasetCommand } from './commands/dataset/command.js';
import { doctorCommand } from './commands/doctor/command.js';
import { driftCommand } from './commands/drift/command.js';
import { explainCommand } from './commands/explain/command.js';
import { exportCommand } from './commands/export/command.js';
import { gateCommand } from './commands/gate/command.js';
import { historyCommand } from './commands/history/command.js';
import { initCommand } from './commands/init/command.js';
import { mcpCommand } from './commands/mcp/command.js';
import { metricsCommand } from './commands/metrics/command.js';
import { migrationsCommand } from './commands/migrations/command.js';
import { planCommand } from './commands/plan/command.js';
import { poolCommand } from './commands/pool/command.js';
import { recallCommand } from './commands/recall/command.js';
import { reportCommand } from './commands/report/command.js';
import { schemaCommand } from './commands/schema/command.js';
import { serveCommand } from './commands/serve/command.js';
import { tuneCommand } from './commands/tune/command.js';
import { watchCommand } from './commands/watch/command.js';
import { documentText } from './document-text.js';
import type { Io } from './io.js';
import { redactingIo, type RedactingIo } from './redacting-io.js';
import { reportFailure } from './report-failure.js';
import { packageVersion } from '../version.js';

/** A command of pgvtune: adds itself to the program; `exit` is called with the exit code when it has done its work. */
export type AddCommand = (program: Command, io: RedactingIo, exit: (code: number) => void) => void;

const COMMANDS: readonly AddCommand[] = [
  tuneCommand,
  benchCommand,
  planCommand,
  capacityCommand,
  churnCommand,
  recallCommand,
  explainCommand,
  reportCommand,
  compareCommand,
  gateCommand,
  driftCommand,
  historyCommand,
  serveCommand,
  exportCommand,
  datasetCommand,
  watchCommand,
  metricsCommand,
  poolCommand,
  doctorCommand,
  auditCommand,
  migrationsCommand,
  mcpCommand,
  initCommand,
  schemaCommand,
  completeCommand,
  cleanCommand,
];

/**
 * The command line, as a function.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code; see {@link EXIT}
 */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io = redactingIo(given, argv);
  let code: number = EXIT.done;
  const program = new Command('pgvtune')
    .description(
      'Finds the cheapest pgvector index and settings that reach the recall you need, and shows the evidence.',
    )
    .version(packageVersion(), '-V, --version')
    // What follows a command is an option of it, also where a command above has one of the same name.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError('(see pgvtune --help, or pgvtune COMMAND --help)')
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
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      // Commander has told people already.
      const message = error.message.replace(/^error: /, '');
      if (argv.includes('--json')) io.stdout.write(documentText('error', { error: { code: 'usage', message } }));
      return EXIT.usage;
    }
    reportFailure(error, argv, io);
    return exitCodeOf(error);
  }
}
