import type { ShardedPoint, SustainedRate } from '../../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';

/*
 * The sections that show what was measured, and how. What the functions are given is Markdown.
 */

/** `next` and `refuted` are rates; `figure` is what was measured at `rate`, `refutedFigure` at `refuted`. */
export interface Told {
  readonly who: string;
  readonly bound: string;
  readonly rate: string | null;
  readonly next: string | null;
  readonly refuted: string | null;
  readonly figure: string;
  readonly refutedFigure: string;
  readonly reason: string;
}

export const latency = {
  heading: 'Latency',
  intro:
    'Milliseconds. *server*: execution time without the round trip: the median of `EXPLAIN (ANALYZE, TIMING OFF)` over a sample of queries, ' +
    'and the mean over the timed queries where pg_stat_statements is available. *floor*: the same round trip without a search; every client figure includes it. ' +
    '*warm-up*: untimed blocks of queries, until ten in a row show no trend. ' +
    '*n*: round trips, and the different queries among them. Intervals hold for the population that the queries were drawn from: timing a query again does not narrow them. ' +
    '*needs … queries*: a quantile has no upper bound with fewer.',
  server: 'server',
  floor: 'floor',
  caches: 'caches',
  warmUp: 'warm-up',
  sample: (n: number, queries: number): string => `${formatCount(n)} (${formatCount(queries)} queries)`,
  noWarmUp: 'none',
  warmUpBlocks: (blocks: number, steady: boolean): string => `${blocks} blocks${steady ? '' : ', not steady then'}`,
  needsSamples: (samples: number): string => `needs more than ${samples} samples`,
  mean: (ms: number, n: number): string => `mean ${ms} (n = ${n})`,
};

export const cold = {
  heading: 'Cold caches',
  intro:
    'Measured interleaved. Table and index were evicted from `shared_buffers` before every query; the cache of the operating system was not touched. *read*: buffers of a query that came from outside `shared_buffers`. *warm*: the same index and setting with warm caches.',
  read: 'read',
  warmP50: 'warm p50 ms',
};

const sustained: Readonly<Record<SustainedRate['verdict'], (told: Told) => string>> = {
  held: ({ who, bound, rate, next }) =>
    `${who} serves ${rate ?? '0'} queries/s within ${bound}${next === null ? '' : `; at ${next}/s it is not shown to`}.`,
  missed: ({ who, bound, rate }) => `${who} does not meet ${bound}${rate === null ? '' : ` at ${rate} queries/s`}.`,
  inconclusive: ({ who, bound, rate, figure, refuted, refutedFigure }) =>
    `${who}: undecided whether it meets ${bound}${rate === null ? '' : ` at ${rate} queries/s`}${figure}; the windows were too short or the machine too noisy.${
      refuted === null ? '' : ` At ${refuted} queries/s it does not${refutedFigure}.`
    }`,
  void: ({ who, reason }) => `${who}: the measurement is void. ${reason}`.trimEnd(),
};

export const shards = {
  heading: 'Shards',
  intro:
    'Measured interleaved, both ways over the same queries. *postgres_fdw*: the server of the run asks the shards, one after the other, through foreign tables with ORDER BY and a constant LIMIT for each; settings are options of the foreign servers. *client*: asks all shards at once and merges what they return. Before each block what was sent, the plans of every shard and the settings there were checked. Shards on one machine share its cores and caches: what is shown is the work of a shard and the cost of the merge, not what as many machines would give.',
  shard: 'shard',
  way: 'way',
  ways: { 'foreign-tables': 'postgres_fdw', client: 'client' } satisfies Record<ShardedPoint['way'], string>,
  complete: 'rows returned',
  short: (mean: number, queries: number): string =>
    `${formatPercent(mean)}${queries === 0 ? '' : ` (fewer than k for ${formatCount(queries)})`}`,
  workIntro:
    'Work of one query on each shard, in their order, from `EXPLAIN (ANALYZE, BUFFERS)` over the first queries. What a way takes beyond the sum of these times, or beyond the longest where all are asked at once, is round trips and the merge:',
  buffers: 'buffers',
  serverTime: 'ms on the shard',
};

export const throughput = {
  heading: 'Throughput',
  image: 'Throughput and latency by clients',
  closedLoop:
    'Closed loop: each client sends its next query when the previous one returns. No other vector index exists meanwhile. ' +
    '*client, server*: CPU cores that each kept busy on average. A server that uses nearly all cores is saturated.',
  openLoop:
    'Open loop: queries are due at a given rate, whether or not earlier ones have returned, as those of independent users are. Latency counts from the moment a query was due, ' +
    'so it includes the wait behind slow ones. *lag*: from that moment until the query was sent. *late*: queries that were due while no connection was free.',
  disturbed: ({
    what,
    clients,
    before,
    after,
  }: {
    what: string;
    clients: number;
    before: string;
    after: string;
  }): string =>
    `Disturbed: ${what}, ${formatCount(clients)} ${clients === 1 ? 'client' : 'clients'}. Throughput fell with more clients although ` +
    `there is a processor for each, so this load was measured again: ${before} queries/s at first, ${after} the second time. The table has the second measurement.`,
  clients: 'clients',
  rate: 'queries/s [95 %]',
  cpu: 'client, server',
  offered: 'offered/s',
  answered: 'answered/s [95 %]',
  lag: 'lag p50, p99 ms',
  late: 'late',
  cores: (client: string, server: string, cores: number): string => `${client}, ${server} of ${cores}`,
  theIndex: 'The index',
  sustained,
};

export const cost = {
  heading: 'Cost per query',
  intro: (isBelowZero: boolean): string =>
    "A straight line through the points of each kind of index: the server's time per query (median of a point's `EXPLAIN (ANALYZE)` sample) against its buffers. Every machine reads the same number of buffers; how long a buffer takes differs. " +
    '± is one standard error; *residual* is the standard deviation of the points from the line. A kind with fewer than three different points is left out, and so is one whose slope is smaller than its error; –: a fixed cost smaller than its error.' +
    (isBelowZero
      ? ' A fixed cost below zero means that time does not follow buffers alone: IVFFlat compares every row of a list, and the number of rows on a page varies.'
      : ''),
  points: 'points',
  slope: 'ms per 1,000 buffers',
  fixed: 'fixed ms',
  residual: 'residual',
};

export const builds = {
  heading: 'Builds',
  remarks: 'remarks',
  ofRun: (run: string): string => `Built in run ${run}.`,
  partitions: (count: number, smallest: string, largest: string): string =>
    `${count} indexes ${smallest === largest ? `of ${smallest} each` : `from ${smallest} to ${largest}`}.`,
};

export const buildVariance = {
  heading: 'Build variance',
  intro:
    'The same index built several times and asked the same queries with the same settings. *SD*: standard deviation between builds. ' +
    "*any build*: mean recall with a 95 % interval that covers another build as well (Student's t over the builds, so two or three builds give a wide one).",
  builds: 'builds',
  recall: 'recall',
  sd: 'SD',
  anyBuild: 'any build',
  buffersSd: 'SD of buffers',
  points: 'pp',
};

export const writes = {
  heading: 'Cost of writes',
  intro:
    'What each index adds to the write of one row: write-ahead log and time, with no other index but the primary key (medians over rounds on one backend, rolled back, without full-page images). ' +
    'COPY makes the same index entries as INSERT. An UPDATE of the vector leaves the old entry in the index, and so does a DELETE, until VACUUM removes them.',
  serves: 'serves',
  update: 'UPDATE of the vector',
};

export const defects = {
  heading: (pgvector: string): string => `Known defects of pgvector ${pgvector}`,
  intro: 'They affect the measured server and every other server with this version:',
};

export const limitations = {
  heading: 'Limitations',
  notMeasured: 'Not measured:',
  generated: 'Real vectors. These were generated.',
  webAssembly:
    'Native latencies. The server is PostgreSQL compiled to WebAssembly, with one session and no parallel builds. Recall, plans, buffers and sizes are those of PostgreSQL, but compare times only with each other.',
  otherSizes: (rows: number): string =>
    `Other table sizes. Everything was measured at ${formatCount(rows)} rows; the setting that a recall needs grows with the table.`,
  buildVariance:
    'Build variance (`measure.repeats`). Each index was built once. HNSW levels and k-means centres are random, so the recall of two builds differs by some tenths of a percentage point.',
  systemCache: 'A cold operating system cache. Pages missing from shared_buffers may still have been in it.',
  coldCaches: 'Cold caches (`measure.cache`). Every figure was taken with the index in memory.',
  oneClient: 'Concurrent clients. Every figure was taken on one connection.',
  moreClients: 'More clients than those under Throughput, and clients on other machines.',
  writes: 'Writes. Inserts, updates and vacuum change an index over time.',
  tail: (percentile: number, queries: number): string =>
    `The tail of latency (\`measure.queries\`). The ${percentile}th percentile needs ${formatCount(queries)} different queries a point.`,
};

export const method = {
  heading: 'Method',
  run: 'run',
  dataset: 'dataset',
  server: 'server',
  client: 'client',
  load: 'load',
  layout: 'layout',
  datasetText: (
    name: string,
    {
      rows,
      dimensions,
      queries,
      metric,
      hash,
    }: { rows: number; dimensions: number; queries: number; metric: string; hash: string },
  ): string =>
    `${name}: ${formatCount(rows)} × ${dimensions}, ${formatCount(queries)} held-out queries, metric ${metric}, SHA-256 ${hash}`,
  loaded: ({
    rows,
    method: how,
    seconds,
    tableBytes,
  }: {
    rows: number;
    method: 'copy' | 'insert';
    seconds: number;
    tableBytes: number;
  }): string =>
    `${formatCount(rows)} rows by ${how.toUpperCase()} in ${formatMs(seconds * 1000)}; table ${formatBytes(tableBytes)}`,
  everyPoint: (file: string): string => `Every point: [${file}](${file}).`,
  glossary: (version: string): string => `Every term is defined in \`docs/glossary.md\` of pgvtune ${version}.`,
};

export const conditions = {
  caches: 'caches',
  cachePoints: (state: string, points: number): string => `${state}: ${formatCount(points)} points`,
  conditions: 'conditions',
  load: (load: string, cores: number): string => `load average ${load} on ${cores} cores`,
  otherWork: (share: string): string => `CPU time of other programs ${share}`,
  steal: (share: string): string => `CPU time of other virtual machines (steal) ${share}`,
  checkpoints: (count: string): string => `checkpoints ${count}`,
  autovacuum: (workers: string): string => `autovacuum workers ${workers}`,
  otherSessions: (sessions: string): string => `other sessions at one moment ${sessions}`,
  machineChanged: (measurements: number, of: number): string =>
    `the machine changed during ${formatCount(measurements)} of ${formatCount(of)} measurements`,
  atMost: (value: string): string => `at most ${value}`,
  fromTo: (least: string, most: string): string => `${least} to ${most}`,
  prepared: 'prepared statements',
  genericEqualsCustom: (points: number, of: number): string =>
    `at ${formatCount(points)} of ${formatCount(of)} points the generic plan equals the custom plan`,
  mostlyGeneric: (points: number, of: number): string =>
    `at ${formatCount(points)} of ${formatCount(of)} the server mostly used the generic plan`,
};

export const allPoints = {
  title: (dataset: string): string => `All points: ${dataset}`,
  intro: ({ points, run, lost, legend }: { points: number; run: string; lost: number; legend: string }): string =>
    `${formatCount(points)} points of run ${run}, in the order of measurement.${
      lost > 0 ? ` ${lost} of them are void or failed: they have a reason and no figures.` : ''
    } *search*: measured one at a time, while searching. Compare the times of *interleaved* points only. *queries*: their positions in the run's random order. ${legend} The same as numbers: \`points.csv\`; raw samples: \`journal.ndjson\`.`,
  queries: 'queries',
  ofRun: (run: string): string => `of run ${run}`,
  machineChanged: '*machine changed*',
  remarks: 'Remarks',
};

export const charts = {
  recallEffort: 'Recall and effort',
  recallLatency: 'Recall and median latency',
  recall: 'recall',
  medianLatency: 'median latency, ms',
  buffers: 'buffers per query',
  recommended: 'recommended',
  onAverage: 'on average',
  target: (recall: number): string => `target ${recall}`,
  throughput: 'Throughput and latency by clients',
  clients: 'clients',
  queriesPerSecond: 'queries a second',
  p95: 'p95 latency, ms',
  filtered: (recall: number): string => `Cheapest settings of each strategy that reach a recall of ${recall}`,
  filteredLegend: 'ringed: what is recommended, dashed: where that changes, with its interval',
  correlation: (correlation: number): string => `correlation ${correlation}`,
  matchingRows: 'rows that match, %',
};
