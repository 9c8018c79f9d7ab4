import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

export const doctorCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('doctor'))
    .description('tell what on a server would spoil a measurement, before it does')
    .option('--server <server>', 'auto, embedded, local, container, env, or postgres://user@host/database', 'auto')
    .addHelpText(
      'after',
      `
Example:
  pgvtune doctor --server postgres://app@db.example.com/shop

Exit codes: 0 nothing in the way (there may be warnings), 1 an error was found, 2 usage, 4 the server failed.`,
    )
    .action(async (options: CommonOptions & { server: string }) => {
      const { openServer } = await import('../../../postgres/index.js');
      const { doctor, takeDoctorSnapshot } = await import('../../../audit/index.js');
      const { createReporter } = await import('../../progress.js');
      const { style } = await import('../../style.js');
      const reporter = createReporter(io, options);
      const server = await openServer(options.server, {
        run: 'doctor',
        signal: io.signal,
        note: (text) => reporter.note(text),
      });
      try {
        const snapshot = await takeDoctorSnapshot(server, await server.connect('doctor'));
        const findings = doctor(snapshot);
        const { version, pgvector } = snapshot.facts;
        if (options.json) {
          io.stdout.write(
            `${JSON.stringify({ server: server.label, postgresql: version, pgvector, findings }, null, 2)}\n`,
          );
        } else {
          const paint = style(io, options);
          io.stdout.write(`PostgreSQL ${version}, pgvector ${pgvector}, ${server.label}\n`);
          const mark = { error: paint.red('error  '), warning: paint.yellow('warning'), info: paint.dim('info   ') };
          for (const { severity, text } of findings) io.stdout.write(`${mark[severity]}  ${text}\n`);
          if (findings.length === 0) io.stdout.write('Nothing is in the way.\n');
        }
        exit(findings.some(({ severity }) => severity === 'error') ? EXIT.no : EXIT.done);
      } finally {
        await server.stop();
      }
    });
};
