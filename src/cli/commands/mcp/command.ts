import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';

export const mcpCommand: AddCommand = (program, io, exit) => {
  program
    .command('mcp')
    .description('serve tools for assistants by the Model Context Protocol on standard input and output (read-only)')
    .addHelpText(
      'after',
      `
Tools: doctor, audit, explain, recall, plan, capacity, migrations, report, history. All of them only read. The server is the one
that DATABASE_URL or PG* name when the program is started; no tool takes another one. Runs are those under results/ of the
working directory. docs/agents.md has the configuration of clients, and a role description.

Example:
  DATABASE_URL=postgres://monitor@db.example.com/shop pgvtune mcp

Exit codes: 0 the client has left, 2 usage, 130 interrupted.`,
    )
    .action(async () => {
      const { serveMcp } = await import('./serve.js');
      const { main } = await import('../../main.js');
      await serveMcp(io, main);
      exit(io.signal.aborted ? EXIT.interrupted : EXIT.done);
    });
};
