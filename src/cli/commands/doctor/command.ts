import type { MeasurementSnapshot } from '../../../audit/index.js';
import { EXIT } from '../../../errors.js';
import type { Finding, Unchecked } from '../../../findings.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { printableLine } from '../../../printable.js';
import { severityMarks } from '../../severity.js';
import type { Colors } from '../../style.js';
import { documentText } from '../../document-text.js';

export const doctorCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('doctor'))
    .description('check a server for what would distort or prevent a measurement; changes nothing')
    .option('--server <server>', 'auto, embedded, local, container, env, or postgres://user@host/database', 'auto')
    .addHelpText(
      'after',
      `
Reports every finding by severity (high, medium, low, info), then the checks that could not be made, and why.

Example:
  pgvtune doctor --server postgres://app@db.example.com/shop

Exit codes: 0 no finding of severity high, 1 at least one, 2 usage, 4 the server cannot be reached or failed.`,
    )
    .action(async (options: CommonOptions & { server: string }) => {
      const { doctor } = await import('../../../library/index.js');
      const { textOf, textsIn, whyUnchecked } = await import('../../../reports/index.js');
      const { createReporter } = await import('../../progress.js');
      const { style } = await import('../../style.js');
      const { started, ...report } = await doctor(options.server, {
        reporter: createReporter(io, options),
        signal: io.signal,
      });
      const texts = textsIn('en');
      const document: DoctorDocument = {
        ...report,
        findings: report.findings.map((finding) => ({ ...finding, text: textOf(texts.measurementChecks, finding) })),
        unchecked: report.unchecked.map((check) => ({
          ...check,
          text: whyUnchecked(texts.measurementUnread, check.missing),
        })),
      };
      io.stdout.write(
        options.json ? documentText('doctor', document) : consoleText(document, { started, paint: style(io, options) }),
      );
      exit(report.findings.some(({ severity }) => severity === 'high') ? EXIT.no : EXIT.done);
    });
};

/** What `--json` prints. */
interface DoctorDocument {
  readonly server: string;
  readonly postgresql: string;
  /** Null where the database has none. */
  readonly pgvector: string | null;
  readonly findings: readonly (Finding & { readonly text: string })[];
  readonly unchecked: readonly (Unchecked<MeasurementSnapshot> & { readonly text: string })[];
}

/** @param options.started the server was started for this command */
function consoleText(
  { server, postgresql, pgvector, findings, unchecked }: DoctorDocument,
  { started, paint }: { readonly started: boolean; readonly paint: Colors },
): string {
  const mark = severityMarks(paint);
  const extension = pgvector === null ? 'no pgvector' : `pgvector ${pgvector}`;
  const reasons = [...new Set(unchecked.map(({ text }) => text))];
  const line = printableLine;
  const lines = [
    line(`PostgreSQL ${postgresql}, ${extension}, ${server}${started ? ' (started for this check)' : ''}`),
    ...findings.map(({ severity, text }) => `${mark[severity]}  ${line(text)}`),
    ...(findings.length === 0 ? ['No findings.'] : []),
    ...(unchecked.length === 0 ? [] : ['Not checked:']),
    ...reasons.map((reason) => {
      const ids = unchecked.filter(({ text }) => text === reason).map(({ id }) => id);
      return `  ${ids.join(', ')}: ${line(reason)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}
