import { describeChoice, describeColumnIndex, describeSettings, describeSpec } from '../../../indexes/index.js';
import type {
  CostAhead,
  IndexOfBuild,
  LeftOut,
  MeasuredCell,
  Note,
  PlainStep,
  Place,
  Stage,
  WhyBuiltAgain,
} from '../../../progress.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import type { IndexSpec } from '../../../vocabulary.js';
import type { Catalogue } from '../catalogue.js';
import { filteredStrategies } from './filtered-strategies.js';
import { plural } from './plural.js';

/** What long work is doing, as the label of a bar. */
export const stages: Catalogue<Stage> = {
  'read-dataset': () => 'Reading the dataset',
  'verify-dataset': () => 'Verifying',
  'write-dataset': () => 'Writing',
  'exact-neighbours': () => 'Exact neighbours',
  filters: () => 'Filters and their exact neighbours',
  'load-table': () => 'Loading',
  'copy-to-partitions': () => 'Copying the table to partitions',
  'build-index': ({ index, parts }) =>
    `Building ${indexName(index)}${parts === null ? '' : `, ${plural(parts, { one: 'index', other: 'indexes' })}`}`,
  'measure-points': ({ points }) => {
    const [point] = points;
    if (points.length > 1 || !point)
      return `Measuring ${plural(points.length, { one: 'point', other: 'points' })} interleaved`;
    const { spec, rows, workload, settings } = point;
    const what = workload.kind === 'plain' ? describeSpec(spec) : workload.strategy;
    const given = Object.keys(settings).length === 0 ? '' : `, ${describeSettings(settings)}`;
    return `Measuring ${what}${onRows(rows)}${given}`;
  },
  'measure-throughput': ({ spec, load }) =>
    `Throughput of ${describeSpec(spec)}, ${
      load.kind === 'closed'
        ? plural(load.concurrency, { one: 'client', other: 'clients' })
        : `${Number(load.ratePerSecond.toPrecision(3))} queries a second`
    }`,
  'measure-writes': () => 'Measuring writes',
  'measure-shards': ({ spec, shards }) =>
    `Measuring ${describeSpec(spec)} on ${plural(shards, { one: 'shard', other: 'shards' })}`,
  'match-texts': ({ texts, text }) => `Matches of ${plural(texts, { one: 'text', other: 'texts' })} (${text.method})`,
  'rank-by-bm25': () => 'Ranking texts by BM25',
  'compare-fusions': () => 'Comparing fusions of exact legs',
  'change-rows': ({ round, rounds }) => `Changing rows, round ${round} of ${rounds}`,
  vacuum: () => 'VACUUM',
  reindex: ({ concurrently }) => `REINDEX INDEX${concurrently ? ' CONCURRENTLY' : ''}`,
  'read-live-table': () => 'Reading the table',
  'read-log': () => 'Reading the log',
  'time-live-index': () => 'Timing the index',
  'compare-with-exact-scans': () => 'Comparing with exact scans',
  'measure-statement': () => 'Measuring the statement',
  'copy-table': ({ table }) => `Copying ${table}`,
  'load-copy': ({ table }) => `Loading the copy of ${table}`,
};

/** Where a search is. */
export const places: Catalogue<Place> = {
  plain: ({ step }) => `Plain queries: ${PLAIN_STEPS[step]}`,
  filtered: ({ number, of, name, cell, strategy }) => {
    const filter =
      name !== null || cell === null
        ? `filter ${name ?? ''}`
        : `filter of ${formatPercent(cell.selectivity, 1)}, correlation ${cell.correlation}`;
    const what = strategy ? strategyText(strategy.name, strategy.spec) : 'the best side by side';
    return `Cell ${number} of ${of}, ${filter}: ${what}`;
  },
  hybrid: ({ number, of, strategy }) =>
    `Hybrid queries, ${number} of ${of}: ${
      strategy ? `${strategy.name}, ${describeSpec(strategy.spec)}` : 'all strategies'
    }`,
  configuration: () => 'All workloads with one set of indexes',
};

const PLAIN_STEPS: { readonly [Step in PlainStep]: string } = {
  exact: 'exact scan',
  control: 'the first index',
  subset: 'other indexes on a subset of the rows',
  whole: 'the most promising on all rows',
  recall: 'showing the recall',
  compare: 'the best side by side',
  finish: 'planner, caches, load and writes',
};

const titles: Readonly<Record<string, string | undefined>> = filteredStrategies;

function strategyText(name: string, spec: IndexSpec): string {
  const title = titles[name] ?? name;
  return spec.method === 'none' ? title : `${title} (${describeSpec(spec)})`;
}

function indexName(index: IndexOfBuild): string {
  switch (index.kind) {
    case 'vector':
      return `${describeSpec(index.spec)}${onRows(index.rows)}`;
    case 'column':
      return describeColumnIndex(index.spec);
    case 'text':
      return index.spec.method;
  }
}

const onRows = (rows: number | null): string =>
  rows === null ? '' : ` on ${plural(rows, { one: 'row', other: 'rows' })}`;

/** What people should know about long work while it goes on. */
export const notes: Catalogue<Note> = {
  'rows-left-out': leftOutText,
  'neighbours-from-one': () => 'The neighbours in the file count the rows from 1; they are stored counted from 0.',
  'neighbours-of-more-rows': ({ unknown, of }) =>
    `The neighbours in the file are not kept: ${formatCount(unknown)} of ${formatCount(of)} name rows that do not exist, so they belong to a larger set. Exact neighbours will be computed.`,
  'neighbours-of-left-out': () =>
    'The neighbours in the file are not kept, because rows are left out. Exact neighbours will be computed.',
  'files-ignored': ({ files }) =>
    `Not read: ${files.join(', ')}. The exact neighbours of filtered queries are computed for the filters that are measured.`,

  'chose-local': ({ folder }) => `Server: local, because PostgreSQL with pgvector is installed in ${folder}.`,
  'chose-container': () =>
    'Server: container, because a Docker engine answers and no PostgreSQL with pgvector is installed.',
  'chose-embedded': () =>
    'Server: embedded (WebAssembly), because neither PostgreSQL with pgvector is installed nor a Docker engine answers. ' +
    'Its recall figures are real, its latencies are not those of a native server.',
  'starting-local': ({ postgresql, pgvector, folder }) =>
    `Starting PostgreSQL ${postgresql} with pgvector ${pgvector} from ${folder} in a temporary folder.`,
  'kept-server-found': ({ folder }) => `Starting the cluster again that the run left in ${folder}.`,
  'kept-server-lost': ({ folder }) =>
    `The cluster that the run left in ${folder} is no longer there, or not whole: its indexes are built again.`,
  'starting-container': ({ image }) => `Starting ${image} in a container.`,
  'url-parameters-ignored': ({ names }) => `Ignored in the connection URL: ${names.join(', ')}.`,
  connected: ({ server, encrypted }) => `Connected to ${server} (${encrypted ? 'TLS' : 'not encrypted'}).`,

  'declared-neighbours-refuted': ({ dataset, metric, cause }) =>
    `The neighbours that ${dataset} declares are not the nearest rows by ${metric} in a sample of its queries. All exact neighbours were computed instead.${
      cause === null
        ? ''
        : cause === 'from-one'
          ? ' The file counts the rows from 1.'
          : ` The file has the nearest rows by ${cause}.`
    }`,
  'other-language': ({ searchedAs, language, script }) =>
    `The text is searched as ${searchedAs}, but it seems to be ${language ?? `in ${script} script`} (hybrid workload, language).`,
  'filters-left-out': ({ filters, of }) =>
    `There is no time to prepare ${formatCount(filters)} of the ${formatCount(of)} filters within half of the budget: they are left out.`,
  'recall-queries-left-out': ({ queries, of }) =>
    `There is no time for the exact neighbours of ${formatCount(of)} queries: recall is shown with ${formatCount(queries)}.`,
  'preparation-over-budget': ({ seconds, budgetSeconds }) =>
    `What comes before the first measurement took ${formatMs(1000 * seconds, 2)}, longer than the budget of ${formatMs(1000 * budgetSeconds, 2)}: only what always is measured follows.`,
  'run-reused': ({ run }) => `Reusing measurements of run ${run} to guide the search (--no-reuse disables this).`,
  'connection-lost': () => 'The connection was lost while points were measured; they are measured again.',
  'index-built-again': ({ index, because }) => `Building ${indexName(index)} again: ${WHY_BUILT_AGAIN[because]}.`,
  'schema-kept': ({ schema, run }) =>
    `The schema ${schema} stays on the server for --resume ${run}; pgvtune clean removes it.`,
  'measured-so-far': ({ cells, more }) =>
    [
      'Measured so far, on all rows:',
      ...cells.map((cell) => `  ${cellText(cell)}`),
      ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
    ].join('\n'),
  'cost-ahead': costAheadText,
  'server-kept': ({ folder }) =>
    `The cluster is kept in ${folder}: --resume goes on with it, pgvtune clean --server local removes it.`,
  'run-kept': ({ command, run }) => `Finished measurements are kept. Continue with: pgvtune ${command} --resume ${run}`,
  'run-left-out': ({ run, message }) => `${run} is left out: ${message}`,
  'no-datasets': ({ folder }) => `There are no datasets in ${folder} yet.`,
  'tuning-ahead': ({ indexes, sampleRows, seconds }) =>
    `Tuning ${indexes === 1 ? '1 index' : `${indexes} indexes`} on samples of up to ${formatCount(sampleRows)} rows, read from their tables without a lock and measured on a server of their own: about ${formatMs(1000 * seconds)} at most (--budget; --measure recall leaves it out).`,
  'tuning-index': ({ index, number, of }) => `Tuning ${index} (${number} of ${of}).`,
  'index-not-tuned': ({ index, message }) => `${index} is not tuned: ${message}`,
  'exact-scans-ahead': ({ exactScans, tableBytes, expectedMs, answers }) => {
    const each = answers > 1 ? `, and compares ${answers} answers with each scan` : '';
    return `The exact side reads the table (${formatBytes(tableBytes)}) once for ${exactScans === 1 ? 'one query' : `each of ${formatCount(exactScans)} queries`}, on one connection${each}: about ${formatMs(expectedMs)} in all.`;
  },
};

function costAheadText({ rows, seconds, graph, seenRows, ...cost }: CostAhead): string {
  const { tableBytes, indexes, memory, spilledShare, onSubset } = cost;
  const rate =
    seenRows === null
      ? 'by the rate of other machines, which differ by several times'
      : `by the rate of a graph of ${formatCount(seenRows)} rows that was built here`;
  const time = `Ahead: ${formatMs(1000 * seconds, 2)} or so, ${formatMs(1000 * graph.seconds, 2)} for each graph like ${describeSpec(graph.spec)} on all ${formatCount(rows)} rows (${rate}).`;
  const disk = `Disk: ${formatBytes(tableBytes)} of table, and up to ${indexes} indexes of about ${formatBytes(graph.bytes)} each.`;
  const needed = `Memory: such a build wants ${formatBytes(memory.neededBytes)} of maintenance_work_mem`;
  const spill =
    memory.availableBytes === null || spilledShare === 0
      ? `${needed}.`
      : `${needed}, and has ${formatBytes(memory.availableBytes)}: the last ${formatPercent(spilledShare, 0)} of the rows are inserted several times slower, which the time above does not count.`;
  const wayOut = onSubset
    ? [
        `With --rows-budget ${onSubset.rows} one graph is built on all rows: ${formatMs(1000 * onSubset.seconds, 2)} or so.`,
      ]
    : [];
  return [time, disk, spill, ...wayOut].join('\n');
}

function cellText({ spec, settings, filter, strategy, recall, medianMs }: MeasuredCell): string {
  const what = [
    ...(filter === null ? [] : [filter]),
    ...(strategy === null ? [] : [titles[strategy] ?? strategy]),
    describeChoice({ spec, settings }),
  ];
  const time = medianMs === null ? '' : `, p50 ${formatMs(medianMs)}`;
  return `${what.join(', ')}: recall ${recall.toFixed(4)}${time}`;
}

const WHY_BUILT_AGAIN: { readonly [Why in WhyBuiltAgain]: string } = {
  'index-missing': 'the index does not exist any more',
  'index-invalid': 'the index is invalid, so the planner ignores it',
  'index-replaced': 'the index was rebuilt by somebody else',
  'index-options-changed': 'the storage parameters of the index were changed',
};

function leftOutText({ table, missing, notFinite, zero, first }: LeftOut): string {
  const all = missing + notFinite + zero;
  const reasons = [
    ...(missing > 0 ? [`${formatCount(missing)} without a vector`] : []),
    ...(notFinite > 0 ? [`${formatCount(notFinite)} with NaN or a number beyond float32`] : []),
    ...(zero > 0 ? [`${formatCount(zero)} of zeros`] : []),
  ];
  const named = first.join(', ') + (all > first.length ? ', …' : '');
  const left = plural(all, table === 'base' ? { one: 'row', other: 'rows' } : { one: 'query', other: 'queries' });
  return `Left out ${left}: ${reasons.join(', ')} (ids ${named}).`;
}
