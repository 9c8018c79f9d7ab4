import { type Command, Option } from 'commander';
import type { DatasetManifest } from '../../../datasets/index.js';
import type { LiveTableReport } from '../../../live/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { Metric } from '../../../vocabulary.js';
import { formatCount, formatPercent } from '../../../units.js';
import type { Io } from '../../io.js';
import { count, type JoinOptions, type LiveOptions, withJoinOption, withLiveOptions } from '../../live-options.js';
import { metricOption, names } from '../../options.js';
import { documentText } from '../../document-text.js';

interface SampleOptions extends LiveOptions, JoinOptions {
  readonly table?: string;
  readonly query?: string;
  readonly text?: string;
  readonly attributes?: readonly string[];
  readonly rows: number;
  readonly queries?: number;
  readonly metric?: Metric;
  readonly name?: string;
}

const DEFAULT_ROWS = 100_000;

export function addSample(dataset: Command, io: Io, exit: (code: number) => void): void {
  withJoinOption(
    withLiveOptions(
      dataset.command('sample'),
      new Option('--table <table>', 'a table or view as in SQL, with its schema: app.items'),
      new Option('--query <select>', 'instead of a table: one SELECT that only reads'),
    ),
  )
    .description('sample rows of a live table, view or query at random into datasets/ (read-only)')
    .option('--text <column>', 'column that holds the text to search')
    .option(
      '--attributes <columns>',
      'columns to keep, such as tenant_id,documents.lang: of the table, or of one that it refers to',
      names,
    )
    .option('--rows <count>', 'rows of the dataset (all rows of a smaller table)', count, DEFAULT_ROWS)
    .option('--queries <count>', 'further rows to hold out as queries; default: a tenth, at most 10000', count)
    .addOption(metricOption('the metric of the indexes on the column'))
    .option('--name <name>', 'name of the dataset; default: the name of the table')
    .addHelpText(
      'after',
      `
Every row has the same chance to be drawn. All rows come from one snapshot, held by a read-only transaction while the sample
is read; its lock blocks only DROP, ALTER and the like. Rows of a view or a query are counted in one pass, and read in another.

Examples:
  pgvtune dataset sample --server env --table app.items --rows 50000 --attributes tenant_id,lang --text content
  pgvtune dataset sample --server env --table app.chunks --attributes document_id,documents.tenant_id
  pgvtune dataset sample --server env --table app.items --query-table app.search_log --name items
  pgvtune dataset sample --server env --query "SELECT embedding, lang FROM app.items WHERE deleted_at IS NULL" --attributes lang

If the name is taken, it passes to the new dataset; the old one stays available under its hash.`,
    )
    .action(async (options: SampleOptions) => {
      const { importDataset, queriesBeside } = await import('../../../datasets/index.js');
      const { openLiveTable } = await import('../../../live/index.js');
      const { parseMs } = await import('../../../units.js');
      const { datasetStore } = await import('../../open-dataset.js');
      const { openLiveServer, openQueryLog } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const deadlineMs = parseMs(options.deadline);
      if (options.queries !== undefined && (options.queryLog ?? options.queryTable) !== undefined) {
        throw new PgvtuneError(
          'usage',
          '--queries and a query log exclude each other: --queries holds out rows as queries.',
          {
            hint: 'Give one of them.',
          },
        );
      }
      const reporter = createReporter(io, options);
      const server = await openLiveServer(options.server, 'sample', io, reporter);
      try {
        const session = await server.connect('sample');
        const queries = await openQueryLog(options, { io, session, server, reporter, deadlineMs });
        const source = await openLiveTable({
          session,
          server: server.label,
          table: options.table,
          query: options.query,
          column: options.column,
          text: options.text,
          attributes: options.attributes ?? [],
          joins: options.join ?? [],
          rows: options.rows + (queries ? 0 : (options.queries ?? queriesBeside(options.rows))),
          where: options.where,
          metric: options.metric,
          queries,
          seed: options.seed,
          deadlineMs,
          reporter,
        });
        const made = await importDataset(datasetStore(io), source, {
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(options.queries === undefined ? {} : { queries: options.queries }),
          seed: options.seed,
          signal: io.signal,
        });
        made.close();
        const report = source.report();
        io.stdout.write(
          options.json
            ? documentText('dataset sample', { dataset: made.manifest, sample: report })
            : sampleText(made.manifest, report),
        );
        exit(EXIT.done);
      } finally {
        await server.stop();
      }
    });
}

const METHODS: Readonly<Record<LiveTableReport['method'], string>> = {
  pages: 'from pages drawn at random',
  scan: 'in one pass over the table',
  count: 'by their numbers, in two passes',
};

function sampleText(manifest: DatasetManifest, report: LiveTableReport): string {
  const { name, rows, dimensions, queries, queriesHeldOut, metric, columns, textColumn, checks, hash } = manifest;
  const attributes = columns.filter((column) => column.name !== textColumn);
  const { lengths } = report;
  const nulls =
    report.nullVectors > 0
      ? `${formatCount(report.nullVectors)} (${formatPercent(report.nullVectors / report.seen)}) of ${formatCount(report.seen)} rows read, left out`
      : `none in ${formatCount(report.seen)} rows read`;
  const zero =
    report.zeroVectors > 0
      ? `${formatCount(report.zeroVectors)}${metric === 'cosine' ? ', left out: cosine distance is not defined for them' : ''}`
      : 'none';
  return [
    `${name}: ${formatCount(rows)} × ${dimensions}, ${formatCount(queries)} queries${queriesHeldOut ? ' held out' : ' of the log'}, ${metric ?? 'no metric'}, ${hash.slice(0, 12)}`,
    `  ${report.kind.padEnd(14)}  ${report.kind === 'query' ? '' : `${report.table}.`}${report.column}, ${report.type}, ${report.method === 'count' ? '' : 'about '}${formatCount(report.estimatedRows)} rows`,
    `  drawn           ${formatCount(report.rows)} rows, ${METHODS[report.method]}`,
    `  null vectors    ${nulls}`,
    `  zero vectors    ${zero}`,
    `  duplicates      ${formatPercent(checks.duplicateRows / rows)} of the rows repeat the vector of another`,
    `  lengths         ${[lengths.min, lengths.mean, lengths.max].map((x) => x.toPrecision(4)).join(' … ')} (min, mean, max), standard deviation ${lengths.deviation.toPrecision(2)}`,
    ...(checks.queriesInBase > 0 ? [`  queries         ${formatCount(checks.queriesInBase)} of them equal a row`] : []),
    ...(textColumn === null ? [] : [`  text            ${textColumn}`]),
    ...(attributes.length > 0
      ? [`  attributes      ${attributes.map((column) => `${column.name} (${typeText(column)})`).join(', ')}`]
      : []),
    '',
  ].join('\n');
}

const typeText = ({ type, sqlType }: DatasetManifest['columns'][number]): string =>
  typeof sqlType === 'object' ? sqlType.enum : (sqlType ?? type);
