import type { PlannerMapRecord, TuneAnswer } from '../../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import { confidenceText } from '../../figures.js';

/*
 * The sections that answer: what to do, why, and what else could be done. What the functions are given is Markdown.
 */

export const decision = {
  title: (dataset: string): string => `Vector index optimization: ${dataset}`,
  heading: 'Decision',
  unfinished: '> **The run is unfinished.** The figures below were measured so far; `--resume` continues it.',
  bench:
    'Every combination in the configuration was measured. `pgvtune bench` makes no recommendation; `pgvtune tune` does.',
  inconclusive: (why: string): string => `**Inconclusive.** ${why}`,
  notReached: (why: string): string => `**The target was not reached.** ${why}`,
  use: (choice: string): string => `**Use ${choice}.**`,
  generated:
    '> The vectors were **generated**: the figures show what pgvtune does; they are no recommendation for real data.',
  partitioned: (partitions: number): string =>
    `**Layout:** ${partitions} partitions by hash of id, each with its own index. Every query searches all of them with the same setting and merges what they return: it does the work of ${partitions} searches, and chooses among the candidates of ${partitions}. One table was not measured here.`,
  hybridQueries: 'Hybrid queries',
  noStrategy: 'no strategy reaches the target',
  eachWorkload: '**Use for each workload** (the configuration has no plain one):',
  confidencePrice: (line: string): string => `**Price of the confidence.** ${line}`,
  objectives: {
    p95: 'minimise p95 latency',
    throughput: 'minimise the mean time of a query on one connection',
    buffers: 'minimise buffers per query',
    index_bytes: 'minimise index size',
    build_seconds: 'minimise build time',
  } satisfies Record<TuneAnswer['target']['minimise'], string>,
  target: (target: TuneAnswer['target'], k: number | null, objective: string): string => {
    const { recall, confidence, p95Ms, indexBytes, buildMemoryBytes, buildSeconds, queriesPerDay } = target;
    const bounds = [
      `recall${k === null ? '' : `@${k}`} ≥ ${recall} with ${confidenceText(confidence)} confidence (one-sided)`,
      ...(p95Ms === undefined ? [] : [`p95 ≤ ${formatMs(p95Ms)}`]),
      ...(indexBytes === undefined ? [] : [`index size ≤ ${formatBytes(indexBytes)}`]),
      ...(buildMemoryBytes === undefined ? [] : [`build memory ≤ ${formatBytes(buildMemoryBytes)}`]),
      ...(buildSeconds === undefined ? [] : [`build time ≤ ${formatMs(1000 * buildSeconds)}`]),
    ];
    return `**Target:** ${bounds.join(', ')}. **Objective:** ${objective} among the configurations that meet it${
      queriesPerDay === undefined ? '' : `, as far as builds pay with ${formatCount(queriesPerDay)} queries a day`
    }.`;
  },
  expected: 'expected',
  distanceRatio: 'distance ratio',
  fartherAway: (ratio: number): string =>
    `${ratio.toFixed(4)}: the returned rows are ${formatPercent(ratio - 1, 2)} farther away than the exact neighbours`,
  onServer: (figure: string, server: string): string => `${figure} on ${server}`,
  buildTime: 'build time',
  lowerBound: (k: number): string => `recall@${k}, lower bound`,
  shown: (
    recall: string,
    { confidence, ofBuilds, tested }: { confidence: number; ofBuilds: boolean; tested: number },
  ): string =>
    `${recall}${ofBuilds ? ' for any build' : ''} with ${confidenceText(confidence)} confidence (one-sided${tested > 1 ? `, corrected for ${tested} tested indexes` : ''})`,
  planChecked: (plan: string, index: string | null, checks: number): string =>
    `${plan}${index === null ? '' : ` on ${index}`}, checked ${formatCount(checks)} times`,
  sample: (queries: number, { builds, needed }: { builds: number | null; needed: number | null }): string =>
    `${builds === null ? '' : `for any build (${builds} were measured), `}n = ${formatCount(queries)} queries${
      needed === null ? '' : ` (about ${formatCount(needed)} would narrow it to ±0.005)`
    }`,
};

export const today = {
  heading: 'Today',
  today: 'today',
  recommended: 'recommended',
  where: 'where',
  rowsReturned: 'rows returned',
  place: (column: string, server: string, rows: number | null): string =>
    `${column} on ${server}${rows === null ? '' : `, about ${formatCount(rows)} rows`}`,
  sample: (rows: number, server: string): string => `${formatCount(rows)} sampled rows on ${server}`,
  none: 'none',
  storedIndex: (name: string, method: string, expression: string, rest: string, valid: boolean): string =>
    `${name}: ${method} on ${expression}${rest}${valid ? '' : ' (not valid)'}`,
  unserved: (place: string, indexes: string, why: string): string =>
    `${place}. Indexes on the vectors: ${indexes}. ${why}`,
  noIndex: 'No index serves a search today: every query reads the whole table.',
  otherPlan: (plan: string): string => `No index on the vectors is used today: ${plan}.`,
  void: 'The server was interrupted while it was measured, so there are no figures.',
  failed: (message: string): string => `It could not be measured: ${message}`,
  asked: (queries: 'rows' | 'log'): string =>
    `Today: ${queries === 'log' ? 'your queries' : 'random rows of the table, each left out of its own answer'}, asked on the server in use, read-only, each for the first time. The times are those of two servers.`,
  moreRows: (times: string): string =>
    `The table has ${times} times as many rows as the sample: the same settings reach less there, and the index is larger.`,
  onceBuilt: (choice: string): string => `Once ${choice} is built, \`pgvtune recall\` measures it on the table.`,
};

export const apply = {
  heading: 'Apply it',
  noIndex: 'Build no index on the vectors. The exact scan is fast enough:',
  replaceNames: 'Replace the names of the table, the column and the role with yours.',
  replaceRole: 'Replace the name of the role with yours.',
  noPrimaryKey: (column: string): string =>
    `The table has no primary key of one column: the statements return ${column} in its place.`,
  build: 'Build the index in a separate session; it does not block writes:',
  partition:
    'Copy the rows into partitions, then build the index on all of them, in a separate session. Rows that are written meanwhile are not in the copy; generated columns, foreign keys, triggers and privileges are to be made by hand:',
  query:
    'Set the search parameter inside the transaction of the query. It ends with the `COMMIT`, so it is safe behind a transaction pooler:',
  transactionCost: (
    statements: number,
    { ms, n, share, median }: { ms: string; n: number; share: number; median: string },
  ): string =>
    `The ${statements} statements around the query take a round trip each. Together they took ${ms} ms here (n = ${n}), ${formatPercent(share, 0)} of the ${median} ms that the query itself takes (median). No latency in this report includes them.`,
  asFunction:
    'A function with the setting needs one round trip and is as safe behind a pooler. Its query is planned at every call:',
  defaults: 'Or set it once for the role, if all its queries need the same value. It takes effect in new sessions:',
  check: 'Check that the index serves the query:',
};

export const evidence = {
  heading: 'Evidence',
  recommended: 'recommended',
  intro: ({
    timed,
    exactQueries,
    legend,
  }: {
    timed: number | null;
    exactQueries: number | null;
    legend: string;
  }): string =>
    `Measured interleaved: the same queries in alternating blocks on one backend${timed === null ? '' : `, ${formatCount(timed)} timed round trips each`}.${
      exactQueries === null ? '' : ` The exact scan was measured separately, on ${formatCount(exactQueries)} queries.`
    } Recall counts ties; intervals are 95 %. ${legend}`,
  usualChoices: 'The usual choices, for comparison:',
  findsAll: (name: string, p50: string, n: number): string =>
    `${name}: finds every neighbour, p50 ${p50} (n = ${formatCount(n)}).`,
  usual: (
    what: string,
    { recall, p50, reaches, target }: { recall: string; p50: string; reaches: boolean; target: number },
  ): string =>
    `${what}: recall ${recall}, p50 ${p50}; ${reaches ? 'reaches the target' : 'is not shown to reach the target'} of ${target}.`,
  legend:
    '*min, p5 recall*: the lowest recall of a query, and the 5th percentile over queries. *rows*: rows returned over rows that exist. ' +
    '*plan*: the node and the index that served the queries, and how often the plan was checked.',
  minRecall: 'min, p5 recall',
};

export const nearest = { heading: 'Nearest configurations', unmet: 'what is not met' };

export const subset = {
  heading: 'Chosen on a subset',
  intro: ({ rows, of, built, many }: { rows: number; of: number; built: readonly string[]; many: boolean }): string =>
    `Method, build parameters and representation were chosen on a random subset of ${formatCount(rows)} of the ${formatCount(of)} rows (\`rows_budget\`). Only ${built.join(' and ')} ${many ? 'were' : 'was'} built on all rows. Every figure of the decision was measured on all rows. The rejected indexes were compared on the subset alone: one of them may be cheaper on all rows.`,
  setting: 'setting',
  reachesAt: 'reaches the search recall at',
  notAt: (value: string): string => `not at ${value}`,
  noValue: 'no value',
  measured: 'measured',
  extrapolated: 'extrapolated',
  outro:
    'On a subset, an index is built as it would be on all rows, scaled down: a graph with less effort, IVFFlat with fewer lists. The search recall is the target with a margin for the queries that show it.',
};

export const tradeOffs = {
  heading: 'Trade-offs',
  relaxed: 'If one bound were relaxed:',
  waysOut: 'Ways out:',
  bounds: 'Bounds',
  stranded: 'Queries that find nothing',
  defaults: 'Defaults',
  growth: 'Growth',
  representation: (name: string, verdict: string): string => `Representation ${name}: ${verdict}`,
  effort: 'Search effort',
  effortText: (effort: {
    wholeBuilds: number;
    subsetBuilds: number;
    subsetRows: number | null;
    points: number;
    buildSeconds: number;
  }): string =>
    `${effort.wholeBuilds} ${effort.wholeBuilds === 1 ? 'index' : 'indexes'} on all rows${
      effort.subsetRows === null
        ? ''
        : `, ${effort.subsetBuilds} on ${formatCount(effort.subsetRows)} random rows to select candidates`
    }, ${effort.points} points; ${formatMs(1000 * effort.buildSeconds)} spent building.`,
  reuse: ({ points, runs, builds }: { points: number; runs: readonly string[]; builds: number }): string =>
    `${formatCount(points)} points of earlier runs (${runs.join(', ')}) guided the search${
      builds > 0
        ? `, and ${builds === 1 ? 'one index on a subset of the rows was' : `${formatCount(builds)} indexes on subsets of the rows were`} not built again`
        : ''
    }; the recommendation rests on measurements of this run alone.`,
  bound: 'bound',
  itWouldTake: 'it would take',
  notBuilt: 'not built',
};

export const recallEffort = {
  heading: 'Recall and effort',
  image: 'Recall against buffers per query',
  caption:
    'One curve per index, labelled with the values of its setting; the band is the 95 % interval of recall. The vertical axis is logarithmic in 1 − recall. The arrow leads from the cheapest setting that reaches the target on average to the recommendation: the price of the confidence.',
};

export const recallLatency = {
  heading: 'Recall and latency',
  image: 'Recall against median latency',
  caption:
    'Solid markers: measured interleaved, with 95 % intervals. Faint markers: measured during the search, one at a time. A triangle marks a recall below the axis.',
};

export const recallLevels = {
  heading: 'Latency at a given recall',
  intro:
    'For each index, the settings with the lowest median latency whose recall reaches the level: median latency in ms [95 %], recall and settings. ' +
    '*search*: measured one at a time, not interleaved with the others. –: no measured settings reach it.',
  level: (recall: string): string => `recall ≥ ${recall}`,
  cell: (p50: string, recall: string, settings: string): string => `${p50} at ${recall} (${settings})`,
};

export const alternatives = {
  heading: 'Alternatives',
  intro:
    'The Pareto front over recall, p95, index size and build time. Differences count from 0.1 percentage points of recall, 3 % of p95 or size, and 25 % of build time. *interleaved*: measured side by side. *search*: measured one at a time, on fewer queries.',
  everyNeighbour: 'every neighbour',
};

export const rejected = { heading: 'Considered and rejected' };

export const time = {
  heading: 'Time',
  spent: (given: string, spent: string, left: boolean): string =>
    `The run was given ${given} and took ${spent}.${left ? ' More time would also measure what follows.' : ' Nothing was left out for want of time.'}`,
};

type Plan = PlannerMapRecord['axes'][number]['measured'][number]['plan'];

export const planner = {
  heading: 'When the planner ignores the index',
  intro:
    "PostgreSQL uses the index only while its estimated cost is below that of reading and sorting the whole table. The estimates depend on the search parameter, LIMIT, the selectivity of a filter and the table's size. " +
    '*predicted*: computed for every value by the cost formulas of pgvector and PostgreSQL; *EXPLAIN*: what the server plans on both sides of each change. One value varies at a time; the planner sees no other index.',
  plannedFor: (
    what: string,
    { k, rows, heapPages, indexPages }: { k: number; rows: number; heapPages: number; indexPages: number },
  ): string =>
    `${what}, LIMIT ${k}; planned for ${formatCount(rows)} rows, ${formatCount(heapPages)} table pages and ${formatCount(indexPages)} index pages:`,
  predicted: 'predicted',
  changes: 'changes',
  notPredicted: 'not predicted',
  selectivity: 'rows that pass a filter',
  here: (name: string, value: number): string => `${name} (here ${value})`,
  plans: {
    index: 'index',
    sequential: 'sequential',
    'parallel sequential': 'parallel sequential',
    other: 'other',
  } satisfies Record<Plan, string>,
  downwards: (plan: string, value: string): string => `${plan} from ${value} downwards`,
  upwards: (plan: string, value: string): string => `${plan} from ${value} upwards`,
  everywhere: (plan: string): string => `${plan} everywhere`,
};
