import type { HybridAnswer } from '../../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import { confidenceText } from '../../figures.js';

/*
 * The sections on filtered and hybrid queries, and on one set of indexes for all. What the functions are given is Markdown.
 */

export const filtered = {
  heading: (number: number): string => (number === 0 ? 'Filtered queries' : `Filtered queries, workload ${number + 1}`),
  intro: (recall: number, rows: number): string =>
    `The cheapest strategy for \`WHERE … ORDER BY distance LIMIT\` that is shown to reach a recall of ${recall}, on ${formatCount(rows)} rows. ` +
    'Each strategy was measured with only its own indexes visible to the planner, and its plan was checked. *p50*: median latency of one query in milliseconds.',
  image: 'Median latency of each strategy by selectivity',
  everyStrategy: 'Every filter and strategy',
  remarks: 'Remarks on these points:',
  cell: (share: string, correlation: number): string => `${share}, correlation ${correlation}`,
  noStrategy: 'no strategy reaches the target',
  filter: 'filter',
  suchAs: 'such as',

  map: 'The map',
  mapIntro:
    'Rows: the share of the table that the filter leaves. Columns: the correlation of the filter with the query (1: the matching rows are all around it, 0: anywhere, −1: elsewhere), as a mean over the queries; its spread is given below. In brackets: the share and the correlation of the values that were drawn. *Same cost*: interleaved blocks show the same cost; of such strategies, the one that takes the fewest other resources (work, storage, build time) is named first. *May differ in another run*: shown neither to cost the same nor to cost more; on a busy machine, a rival must cost half as much again to be distinguished. A strategy that copies data is chosen only if it is shown to be cheaper.',
  selectivityAsked: 'selectivity asked',
  correlation: (value: number | string): string => `correlation ${value}`,
  noSuchValues: 'no such values',
  noneReaches: '**none reaches the target**',
  sameCost: (strategies: string): string => `same cost: ${strategies}`,
  mayDiffer: (strategies: string): string => `may differ in another run: ${strategies}`,
  busyMachine: '**measured on a busy machine**',

  changesAt: 'The choice changes at:',
  nothingReaches: 'nothing that reaches the target',
  belowMeasured: 'below what was measured',
  aboveMeasured: 'above what was measured',
  costCrossing: (low: string, high: string): string => `95 % interval ${low} to ${high}`,
  reachCrossing: (low: string, high: string): string =>
    `somewhere from ${low} to ${high}: one of the two missed the target on one side`,
  crossover: ({
    correlation,
    share,
    rows,
    below,
    above,
    between,
  }: {
    correlation: number;
    share: string;
    rows: number;
    below: string;
    above: string;
    between: string;
  }): string =>
    `correlation ${correlation}: below ${share} (${formatCount(rows)} rows) ${below}, above ${above} (${between})`,

  defaults: 'With default settings',
  starved:
    '> **Warning.** Without iterative scan the index gives its `ef_search` nearest rows and the filter throws most of them away: queries return **fewer rows than exist**, without an error. ' +
    'Where the planner scans the table instead, answers are complete but slow.',
  defaultsIntro: 'The vector index at its defaults, iterative scan off:',
  rowsReturned: 'rows returned of those that exist',
  incomplete: 'incomplete queries',
  empty: 'empty queries',
  completeness: 'Number of queries by the share of the existing rows that they returned:',

  wrongPlans: 'Plans that the server should have chosen',
  wrongPlan: ({
    filter,
    chosen,
    option,
    p50,
  }: {
    filter: string;
    chosen: string;
    option: string;
    p50: string;
  }): string =>
    `${filter}: the server chooses ${chosen} by itself; ${option}, forced by \`enable_seqscan = off\`, takes ${p50} and would be the best.`,

  joins: 'With the join, or with its columns copied to the rows',
  joinsIntro:
    'The cheapest of each that reaches the target. Copies avoid the join and can be indexed with the vectors, but every change of the joined table must be copied to its rows, which writes new versions of them into all their indexes.',
  takes: (option: string, p50: string): string => `${option} in ${p50}`,
  join: (filter: string, joined: string | null, copied: string | null): string =>
    `${filter}: with the join ${joined ?? 'nothing'}; ${copied ?? 'copied, nothing'}.`,

  alone: 'Each strategy alone on the table',
  aloneIntro:
    'Each block was measured with only its own indexes: if several exist, the planner may use one for the queries of another. *One configuration for the table*, above, was measured together.',
  parameters:
    '`$1` is the query vector, `$2` … are the values of the filter. Prepared statements need `plan_cache_mode = force_custom_plan`: a generic plan, made without the value, can use no partial index and fits either rare or frequent values, not both.',
  applied: (filter: string, example: string, strategy: string): string =>
    `**${filter}** (such as ${example}): ${strategy}`,
  check: 'Check it with the values of one query:',

  fewRows: 'Answers of no row, or of one',
  fewRowsIntro:
    'An iterative scan goes on until it has k rows. Where there are not so many it ends at its bound (`max_scan_tuples`, `max_probes`) or at the end of the index: the emptiest answers are the slowest.',
  fewRowsScan: (strategy: string, p50: string, times: number): string =>
    `${strategy} takes ${p50}${Number.isFinite(times) ? `, ${Number(times.toPrecision(2))} times as long` : ''}`,
  fewRowsOf: ({
    filter,
    rows,
    takes,
    scans,
  }: {
    filter: string;
    rows: number;
    takes: string;
    scans: readonly string[];
  }): string => `${filter} (${rows === 0 ? 'no row' : 'one row'}): ${[takes, ...scans].join('; ')}.`,

  pages: 'Page after page',
  page: 'page',
  pagesOf: (filter: string, strategy: string, queries: number): string =>
    `**${filter}**: ${strategy}; ${queries} queries were read on, each from the first page to the last.`,
  pageHeads: (by: 'offset' | 'keyset'): readonly string[] =>
    ['recall [95 %]', 'rows>', 'p50 ms>', 'p95 ms>'].map((head) => `${by === 'offset' ? 'OFFSET' : 'keyset'}: ${head}`),
  walk: ({
    by,
    queries,
    lost,
    repeated,
  }: {
    by: 'offset' | 'keyset';
    queries: number;
    lost: { mean: number; queries: number };
    repeated: { mean: number; queries: number };
  }): string =>
    `${by === 'offset' ? 'By OFFSET' : 'By keyset'}, a reader of all pages misses ${lost.mean.toFixed(2)} rows on average (${lost.queries} of ${queries} queries miss some) and sees ${repeated.mean.toFixed(2)} rows again (${repeated.queries} of ${queries} queries).`,
  walkVoid: (by: 'offset' | 'keyset', why: string): string =>
    `${by === 'offset' ? 'By OFFSET' : 'By keyset'}: **void**. ${why}`,
  nextPage:
    'The next page by keyset. The last two parameters are the distance and the id of the last row that was seen; for the first page, `-Infinity` and `-1`:',

  seldom: (strategies: readonly string[]): string =>
    `Measured for some filters only, because it needs a copy of the table: ${strategies.join('; ')}. Per query it does the same work as a partial index for each value. Name it in \`strategies\` to have it measured for every filter.`,
  buffers: 'buffers: mean (median; p95)',
  thrownAway: 'rows thrown away',
  leaves: (share: string, min: string, max: string): string => `Leaves ${share} of the rows (${min} to ${max})`,
  filters: (queries: number, filters: number): string =>
    `${queries} queries with ${filters} different ${filters === 1 ? 'filter' : 'filters'}`,
  joined: (table: string, key: string): string => `columns of ${table}, joined by ${key}`,
  correlations: (median: string, { low, high, mean }: { low: string; high: string; mean: string }): string =>
    `correlation ${median} (median of the queries; middle half ${low} to ${high}; mean ${mean})`,
  largeClasses: (title: string, rows: string): string => `${title}: classes of ${rows} rows or more have an index.`,
  notApplicable: (strategies: readonly string[]): string => `Not applicable: ${strategies.join('; ')}.`,
  forced: (strategy: string): string => `${strategy}, forced`,
  serverChooses: (plan: string): string => `the server chooses ${plan}`,
  planShare: (plan: string, queries: number, of: number): string => `${plan} (${queries} of ${of} queries)`,
};

export const configuration = {
  heading: 'One configuration for the table',
  intro:
    'These indexes exist on the table together. Each workload below was measured again with all of them visible to the planner, and the plan of every query was checked, because an index that is meant for another workload may look cheaper to the planner and return other rows.',
  noIndex: 'No index beside the primary key.',
  total: (bytes: number, added: { walBytes: number; ms: number } | null): string =>
    `**${formatBytes(bytes)} in total.**${
      added === null
        ? ''
        : ` Together they add ${formatBytes(added.walBytes)} of WAL and ${formatMs(added.ms)} to the insertion of a row.`
    }`,
  workload: 'workload',
  servedBy: 'served by',
  bestAlone: 'best alone, p50 ms',
  hybridQueries: 'hybrid queries',
  ofWorkload: (name: string, number: number): string => `${name}, workload ${number}`,
  keptBySort: 'kept by enable_sort = off',
  keptByOrder: 'kept by an order that no index has',
  keptByMaterialized: 'kept by a MATERIALIZED query',
  unserved: 'Not served with these indexes:',
  unmetWithAll: (bounds: string): string => `with all of them, ${bounds}.`,
  recall: (recall: string): string => `recall ${recall}`,
  noStrategy: 'no strategy is possible with these indexes.',
  fasterAlone: 'These workloads would be faster if they had the table to themselves:',
  noneFaster: 'No workload is shown to be faster by a tenth if it had the table to itself.',
  gain: (workload: string, alone: string, here: string): string => `${workload}: ${alone} instead of ${here}`,
  asFunction:
    'A function in `LANGUAGE plpgsql` with the same `SET` clauses (`RETURN QUERY`) needs one round trip. Before PostgreSQL 18 one in `LANGUAGE sql` is planned without the values of the query, and may be served by another index.',
  replaceNames: 'Replace the names of the table and its columns with yours.',
  build: 'Build in a separate session:',
  queries:
    'Each query sets its parameters inside its own transaction; `$1` is its vector, `$2` … are its other values:',
  check: 'Check the plans, and that the indexes are valid:',
};

export const hybridSections = {
  heading: (number: number): string =>
    number === 0 ? 'Hybrid queries: vector and text' : `Hybrid queries, workload ${number + 1}`,
  question: ({
    k,
    filter,
    recall,
    confidence,
    queries,
    judged,
  }: Pick<HybridAnswer, 'k' | 'recall' | 'queries' | 'judged'> & {
    filter: { example: string; share: number } | null;
    /** Null where the recall is that of these queries. */
    confidence: number | null;
  }): string =>
    `The ${k} best rows for a query's vector and its text${filter ? `, among those that its filter leaves (such as ${filter.example}; ${formatPercent(filter.share, 1)} of the rows on average)` : ''}. A strategy *reaches* the target when at least ${formatPercent(recall, 0)} of the rows that it would return with exact legs come back, ${confidence === null ? 'on average over these queries' : `shown with ${confidenceText(confidence)} confidence`}. Fusions were compared by the exact answers to ${queries} queries. ` +
    (judged === null
      ? 'There are no judgements of relevance: this data cannot show whether one fusion answers better than another. Give them as a TREC file (`judgements`) or with the queries (`relevant`).'
      : `${judged} queries have judgements of relevance; their answers are compared query by query.`),
  recommendation: 'Recommendation',
  rivals: (names: readonly string[]): string =>
    `Equivalent by the objective within 5 %, or not distinguishable, and not shown to be worse: ${names.join('; ')}.`,
  replaceName: 'Replace the name of the table with yours; its columns are `id`, `embedding` and `content` here.',
  build: ({ hasFilter, lexemes }: { hasFilter: boolean; lexemes: string | null }): string =>
    '`$1` is the query vector, `$2` its text' +
    (hasFilter ? ', the last parameters are the values of the filter' : '') +
    '. The settings hold for the transaction only, so they are safe behind a pooler. Adding a generated column rewrites the table under an exclusive lock: plan for it.' +
    (lexemes === null
      ? ''
      : ` ${lexemes} counts the rows that contain each word; rebuild it when the texts have changed much.`),
  check: 'Check it with the vector of a row and a text of yours:',
  textBy: (strategy: string, leg: string): string => `${strategy}, text by ${leg}`,
  exact: 'exact',

  everyStrategy: 'Every strategy',
  exactFusion: 'exact fusion [95 %]',
  order: 'order',
  relevantRecall: 'recall of relevant rows',
  figures:
    'Strategies that reach the target were measured interleaved. *Exact fusion*: rows in common with the same fusion of exact legs; *order*: rank-biased overlap with it (p = 0.9). *p50*: median latency in milliseconds. Sizes and build times are those of vector and text index together.',
  differences: (highest: string): string =>
    `nDCG against ${highest}, the highest measured, query by query; the intervals hold simultaneously:`,
  difference: 'difference [95 %]',
  verdict: 'verdict',
  mixedOrder: (
    { p50, buffers, plan }: { p50: string; buffers: string; plan: string },
    recommended: { p50: string; buffers: string } | null,
  ): string =>
    `**An \`ORDER BY\` on a mixed expression of distance and rank uses no index**: it took ${p50} and ${buffers} buffers per query (${plan})${
      recommended === null
        ? ''
        : `, against ${recommended.p50} and ${recommended.buffers} buffers for the recommendation`
    }.`,
  quantised: 'The vector leg on quantised indexes:',
  againstFull: (option: string, p50: string, full: string): string =>
    `${option}: p50 ${p50} against ${full} on full vectors`,

  legs: 'Cost of each leg',
  legsIntro: 'The legs of the recommendation alone, at its depths, measured interleaved.',
  vectorLeg: 'vector leg',
  textLeg: 'text leg',
  legRows: (leg: string, rows: number): string => `${leg}, ${rows} rows`,
  exactLegRows: 'rows of the exact leg',
  whole: 'the whole',
  vectorLegAlone: 'the vector leg alone',
  textLegAlone: 'the text leg alone',

  weights: 'Weights and constants',
  weightsUnjudged: (k: number): string =>
    `From exact legs: how many of the ${k} rows that equal weights return also come back with other weights.`,
  weightsJudged:
    'From exact legs, over the judged queries, against equal weights and defaults. A variant is taken only if cross-validation shows it to be better on queries that had no part in choosing it.',
  tooFewJudged: 'There are too few judged queries to choose.',
  chosen: (variant: string, gain: string): string => `Chosen: ${variant}; it gains ${gain} nDCG on unseen queries.`,
  choosingHarms: (gain: string): string =>
    `Choosing by these queries makes unseen ones worse (${gain}), so equal weights are kept.`,
  noDifference: (gain: string): string =>
    `**No difference shown**: choosing gains ${gain} nDCG on unseen queries, so equal weights are kept.`,
  folds: (variants: number): string =>
    `Cross-validation chose ${variants} different variants, depending on which tenth of the queries was left out.`,
  variant: 'variant',
  againstEqual: 'nDCG against equal weights [95 %]',
  rowsInCommon: 'rows in common',
  byWeight: (fusion: string, cells: readonly string[]): string =>
    `${fusion}, by the weight of the vector leg: ${cells.join(', ')}.`,
  variantDefaults: 'defaults',

  depths: 'Candidates per leg',
  depthsIntro:
    'Over exact legs, one truncated at a depth, the other at its maximum: the loss against the maximum depth, and the lowest depth from which the loss stays within the target.',
  fusion: 'fusion',
  leg: 'leg',
  sides: { vector: 'vector', text: 'text' } satisfies Record<'vector' | 'text', string>,
  againstDeepest: 'against the maximum depth [95 %]',
  enough: 'enough',
  deepestTried: (depth: number): string => `${depth} (the deepest tried)`,
  measuredIn: 'measured in',

  candidates: 'Candidates for a re-ranker',
  candidatesRecall: 'recall of relevant rows [95 %]; nDCG',
  first: (depth: number): string => `first ${depth}`,
  reranked: 're-ranked',
};
