import { resolve } from 'node:path';
import { EXIT } from '../../../errors.js';
import { compareWithLive } from '../../../experiment/index.js';
import { type CatalogDifference, graphOf, upgradeScripts } from '../../../migrations/index.js';
import type { Note } from '../../../progress.js';
import { driftText } from '../../../reports/index.js';
import { formatCount } from '../../../units.js';
import type { Io } from '../../io.js';
import { openLiveServer } from '../../open-live.js';
import { printableLine } from '../../../printable.js';
import { createReporter } from '../../progress.js';
import type { DriftOptions } from './command.js';
import { documentText } from '../../document-text.js';
import { historyIn } from './read.js';
import { failureText, scratchOf } from './scratch.js';

/** Compares a history with a live database; returns the exit code. */
export async function runDrift(folder: string, options: DriftOptions, io: Io): Promise<number> {
  const history = await historyIn(resolve(io.cwd, folder), options.format);
  const { order } = graphOf(history.revisions);
  const reporter = createReporter(io, options);
  const context = { run: 'migrations', signal: io.signal, note: (note: Note) => reporter.note(note) };
  const server = await openLiveServer(options.server, 'migrations', io, reporter, { asIs: true });
  try {
    const live = await server.connect('drift');
    const compared = await compareWithLive(scratchOf(options, io), context, upgradeScripts(order), live);
    const differences = (compared.differences ?? []).filter((difference) => !isOfTool(difference));
    if (options.json) {
      io.stdout.write(
        documentText('migrations drift', { ...compared, differences: compared.differences && differences }),
      );
    } else {
      const { failure } = compared.history;
      const lines = failure
        ? [`The history fails on an empty database at ${failureText(failure, options.lang)}`]
        : [
            ...differences.map((difference) => driftText(difference, options.lang)),
            `${formatCount(differences.length)} difference${differences.length === 1 ? '' : 's'} over ${formatCount(compared.objects)} objects.`,
          ];
      io.stdout.write(`${lines.map((line) => printableLine(line.replaceAll(/\s+/g, ' '))).join('\n')}\n`);
    }
    if (compared.differences === null) return EXIT.inconclusive;
    return differences.length > 0 ? EXIT.no : EXIT.done;
  } finally {
    await server.stop();
  }
}

/** The tables in which tools keep what they have applied, and their parts. */
const isOfTool = ({ class: of, name }: CatalogDifference): boolean =>
  of !== 'schema' &&
  /(^|[."])(alembic_version\w*|schema_migrations(_pkey)?|ar_internal_metadata(_pkey)?|_prisma_migrations(_pkey)?|flyway_schema_history\w*|goose_db_version\w*|_sqlx_migrations\w*|__diesel_schema_migrations\w*|__drizzle_migrations\w*)($|[."])/.test(
    name,
  );
