import type { GrowthFigure, RowLimit } from '../../../../capacity/index.js';
import type { ChurnState } from '../../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';

/*
 * The reports of capacity and churn. What the functions are given is Markdown, or plain text where no Markdown can be in it.
 */

export interface Limit {
  readonly why: string;
  readonly remedy: string;
}

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

const figures: Readonly<Record<GrowthFigure, (knob: string) => string>> = {
  indexBytes: () => 'index size',
  buildSeconds: () => 'build time',
  knob: (knob) => `${knob} for the recall`,
  buffers: () => 'buffers per query',
  p50Ms: () => 'p50',
  p95Ms: () => 'p95',
};

/** What a limit is, and what to do beyond it. */
const limits: Readonly<Record<RowLimit['code'], (bound: number, knob: string) => Limit>> = {
  memory: (bound) => ({
    why: `the index no longer fits in the ${formatBytes(bound)} of memory available to cache data`,
    remedy:
      'Each query then reads pages from disk. Add memory, or keep less of each vector (`halfvec`, `bit` with re-ranking); past one machine, divide the rows among partitions on several servers.',
  }),
  index_size: (bound) => ({
    why: `the index exceeds the ${formatBytes(bound)} that you allow`,
    remedy: 'Keep less of each vector, or raise `index_size`.',
  }),
  p95: (bound) => ({
    why: `p95 exceeds the ${formatMs(bound)} that you allow`,
    remedy: 'Partition the table by a column that queries name, lower the recall target, or choose faster cores.',
  }),
  build_time: (bound) => ({
    why: `a build takes longer than the ${formatMs(1000 * bound)} that you allow`,
    remedy: 'Build with more workers (`max_parallel_maintenance_workers`), or per partition.',
  }),
  build_memory: (bound) => ({
    why: `a build outgrows \`maintenance_work_mem\` = ${formatBytes(bound)}`,
    remedy:
      'Raise `maintenance_work_mem` for the build (`pgvtune plan` computes how far), or keep less of each vector: beyond it a build takes several times longer.',
  }),
  knob: (bound, knob) => ({
    why: `the recall needs ${knob} beyond ${formatCount(bound)}, the most that the server allows`,
    remedy: 'Build with a larger m and ef_construction, or partition the table.',
  }),
  peak: (bound) => ({
    why: `one server no longer serves ${decimals(bound)} queries a second`,
    remedy: 'Add read replicas: each serves as many again.',
  }),
};

export const capacity = {
  title: (dataset: string): string => `Capacity plan: ${dataset}`,
  figures,
  limits,
  decision: 'Decision',
  suffices: (rows: string): string =>
    `This server suffices for ${rows} rows: none of the limits that were checked is reached.`,
  doesNotSuffice: (present: string, from: string, why: string): string =>
    `This server does not suffice for the present ${present} rows: from ${from} rows on, ${why}.`,
  sufficesUpTo: (rows: string, why: string): string =>
    `This server suffices for up to about ${rows} rows; then ${why}.`,
  next: (rows: string, why: string): string => `Next, at about ${rows} rows, ${why}.`,
  generated: '> The vectors were generated: real data may grow differently.',
  embedded: '> Times are those of the embedded server (WebAssembly): sizes and buffers hold elsewhere, times do not.',
  restsOn: ({ spec, recall, sizes, rows }: { spec: string; recall: number; sizes: number; rows: number }): string =>
    `For ${spec} at recall ≥ ${recall}, measured on ${sizes} sizes up to ${formatCount(rows)} rows. Everything beyond is extrapolated, with 90 % prediction intervals.`,
  measured: 'Measured',
  extrapolated: 'Extrapolated',
  outgrowsMemory: 'outgrows memory',
  lowest: (rows: number, knob: string): string =>
    `Up to ${formatCount(rows)} rows the lowest ${knob} that returns k rows already exceeds the recall. Such sizes do not show what the recall costs on more rows, so only sizes of the same kind are fitted together.`,
  image: 'Size, build time, latency and work against rows',
  withReads: 'p50 with reads',
  withReadsLegend:
    '_p50 with reads_: the pages of a query that no longer fit in memory, read at the speed that was measured with cold caches.',
  test: 'Test of the forecast',
  noTest:
    'Not made, because no size of a quarter of the rows or less was measured. Figures beyond the data rest on the laws alone.',
  tested: ({ fromRows, rows, covered, of }: { fromRows: number; rows: number; covered: number; of: number }): string =>
    `Fitted to ${formatCount(fromRows)} rows and fewer, the laws predict the figures at ${formatCount(rows)} rows, which were measured as well. ${covered} of ${of} measured values are within their 90 % prediction interval.`,
  figure: 'figure',
  predicted: 'predicted',
  measuredColumn: 'measured',
  error: 'error',
  within: 'within the interval',
  yes: 'yes',
  no: 'no',
  outside: 'outside its 90 % interval',
  memory: 'Memory',
  unknownMemory: 'The memory of the server is unknown: give it with `--ram` to see how many rows fit.',
  fits: (bytes: number, sharedBuffersBytes: number | null): string =>
    `About ${formatBytes(bytes)} of memory is available to cache data${sharedBuffersBytes === null ? '' : ` (shared_buffers ${formatBytes(sharedBuffersBytes)})`}. An index fits there up to:`,
  representation: 'representation',
  lossless: 'The recall that `halfvec` or `bit` lose depends on the vectors: `pgvtune tune` measures it.',
  throughput: 'Throughput',
  highestRate: (rate: number, perCore: number | null): string =>
    `Highest closed-loop rate on all rows: ${formatCount(rate)} queries per second${perCore === null ? '' : `, ${formatCount(perCore)} per core`}.`,
  scalability: ({
    lambda,
    sigma,
    kappa,
    peakClients,
  }: {
    lambda: string;
    sigma: string;
    kappa: string;
    peakClients: number | null;
  }): string =>
    `Universal scalability law: λ = ${lambda} queries per second, σ = ${sigma} (contention), κ = ${kappa} (coherency); ${peakClients === null ? 'the rate grows towards a limit' : `the rate is highest at ${formatCount(peakClients)} clients`}. Clients on the same machine take part of it.`,
  cost: 'Cost',
  costIntro: (rows: number): string =>
    `For ${formatCount(rows)} rows at the given peak, each server at 70 % of its highest rate:`,
  machine: 'machine',
  servers: 'servers',
  indexFits: 'index fits in memory',
  rateEach: 'queries per second each',
  perMonth: 'per month',
  perMillion: 'per million queries at the peak',
  pastOne: {
    heading: 'Past one server',
    divided: (rows: number, servers: number): string =>
      `${formatCount(rows)} rows would have to be divided among ${formatCount(servers)} servers like this one, so that each stays within its limits. This is arithmetic over the laws above.`,
    replicas:
      'Read replicas serve more queries a second. Each holds the whole index, so they help neither memory nor latency of a single query.',
    partitions:
      'Partitions on one server make builds and upkeep smaller. A query that does not name the partition key searches all of them, so they save no memory.',
    shards:
      'Shards over `postgres_fdw` divide the rows among servers. Every query asks all of them: memory and work of each query are divided, the rate that all serve together grows by less. `UNION ALL` asks one shard after the other; an application that asks all at once and merges the answers waits for the slowest alone.',
    others:
      'Citus and PgDog do the same behind one connection: Citus as an extension, with workers of its own; PgDog as a proxy before unchanged servers.',
    fdw: 'Over `postgres_fdw`, with a table `items (id, embedding)` and the same index on each server. In this form each shard runs Limit over its index scan, also in a generic plan. Without `extensions` every row is fetched; over a partitioned table of foreign tables the LIMIT is not sent, and each shard returns as many rows as its search finds. What is SET in the session does not reach a shard: `options` does. A role that is no superuser needs its password in the user mapping.',
    citus: 'With Citus the LIMIT must be a constant, and workers take settings from the database:',
    notMeasured:
      'Not measured here. `EXPLAIN (VERBOSE)` shows what is sent to a shard as _Remote SQL_: `EXPLAIN` of that on the shard must show the index.',
  },
  method: 'Method',
  methods: [
    'Sizes are nested random subsets of the rows; each has its own index and its own exact neighbours. Every figure is taken at the knob value that reaches the recall there.',
    'Laws: index size follows the model of its pages, build time N log N × N^b, the others N^b (times above the round trip). b has a prior from pgvector’s source and published measurements, so that few sizes suffice.',
  ],
  powers: (laws: readonly { figure: string; power: string; sd: string; sizes: number }[]): string =>
    `Powers found: ${laws.map(({ figure, power, sd, sizes }) => `${figure} ${power} ± ${sd} (${sizes} sizes)`).join('; ')}.`,
  assumptions: [
    'A build that outgrows `maintenance_work_mem` follows another law, which is not extrapolated.',
    'The distribution of the data is assumed not to change: rows of another kind change recall and cost.',
  ],
  chart: 'Growth: measured sizes, laws and 90 % prediction intervals',
  panels: {
    indexBytes: 'index size, GB',
    buildSeconds: 'build time, s',
    buffers: 'buffers a query',
    p50Ms: 'p50 latency, ms',
  },
};

type After = ChurnState['after'];

export const maintenance = {
  title: (dataset: string): string => `Maintenance: ${dataset}`,
  schedule: 'Schedule',
  measured: 'Measured',
  reading: 'How to read it',
  restsOn: ({ what, k, rows, mix }: { what: string; k: number; rows: number; mix: string }): string =>
    `${what}, k = ${k}, on ${formatCount(rows)} rows at the start; ${mix}. Each row below is one state of the same table.`,
  serverSettings: "the server's search settings",
  mix: (
    { rounds, turnover }: { rounds: number; turnover: number },
    shares: readonly { kind: 'insert' | 'update' | 'delete'; share: number }[],
  ): string =>
    `${rounds} rounds of ${formatPercent(turnover, 0)} of the rows (${shares.map(({ kind, share }) => `${formatPercent(share, 0)} ${kind}s`).join(', ')})`,
  worn: ({ recall, buffers, indexBytes }: { recall: number; buffers: number; indexBytes: number }): string =>
    `_Worn_ means: recall lower by ${recall}, or ${formatPercent(buffers, 0)} more pages a query, or ${formatPercent(indexBytes, 0)} more index. An act of upkeep is due when what it gives back passes that, on a straight line from no change to all that were made.`,
  notes: [
    "Every state answers the dataset's same queries; recall is against an exact scan of the rows that are there. Intervals are 95 %.",
    'Autovacuum is off while it is measured, so that each state is one of changes alone.',
    'VACUUM removes dead entries from the index and repairs the graph around them; REINDEX builds it anew from the rows that are there.',
  ],
  vacuumTook: (seconds: string, deadRows: number): string =>
    `it took ${seconds} with ${formatCount(deadRows)} dead rows`,
  vacuumNotDue: (changed: string, took: string): string =>
    `After ${changed} of the rows had changed, VACUUM did not measurably help searches (${took}): the default thresholds of autovacuum suffice.`,
  vacuumDue: (changes: string, took: string, gains: string): string =>
    `VACUUM after ${changes}. Here ${took}, and gave back: ${gains}.`,
  reindexTook: (seconds: string): string => `it took ${seconds}`,
  reindexNotDue: (changed: string, took: string): string =>
    `After ${changed} of the rows had changed, rebuilding the index gained less than the limits below (${took}): it is not due yet.`,
  reindexDue: (changes: string, took: string, gains: string): string =>
    `Rebuild the index after ${changes}. Here ${took}, and gave back: ${gains}.`,
  changes: (rows: number, share: string): string => `about ${formatCount(rows)} changed rows, ${share} of the table`,
  gain: {
    recall: (after: number, before: number): string => `recall from ${after.toFixed(4)} to ${before.toFixed(4)}`,
    buffers: (after: number, before: number): string =>
      `from ${formatCount(after)} to ${formatCount(before)} pages a query`,
    indexBytes: (after: number, before: number): string =>
      `the index from ${formatBytes(after)} to ${formatBytes(before)}`,
  },
  generated: '> The vectors were generated: real ones may degrade differently.',
  embedded:
    '> Times are those of the embedded server (WebAssembly): recall, pages and sizes hold elsewhere, times do not.',
  unseen: (states: number, of: number): string =>
    `> In ${formatCount(states)} of ${formatCount(of)} states the planner did not use the index, or the figures are void: they have none.`,
  drifting: '> New vectors drifted away from the initial ones, as when the content changes.',
  after: 'after',
  changed: 'changed',
  deadRows: 'dead rows',
  recall: 'recall',
  pages: 'pages a query',
  table: 'table',
  build: (seconds: string): string => `build (${seconds})`,
  changesMade: ({ inserted, updated, deleted }: Extract<After, { kind: 'changes' }>, seconds: string): string =>
    `${formatCount(inserted)} inserts, ${formatCount(updated)} updates, ${formatCount(deleted)} deletes (${seconds})`,
  wrote: (rate: number, asked: number | null): string =>
    `One connection made ${formatCount(rate)} changes a second${asked === null ? '' : `, ${formatCount(asked)} were asked for`}`,
  beside: (wrote: string, p50: readonly string[], worstP95: string): string =>
    `${wrote}; concurrent searches had a p50 of ${p50.join(', ')} ms in the rounds, and a p95 of ${worstP95} ms in the slowest.`,
};
