import type { RecallFinding } from '../../../results/index.js';
import { formatApart, formatBytes, formatCount, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { knownDefects } from './known-defects.js';
import { findings } from './findings.js';
import { plural } from './plural.js';

const missing = (share: number, meanCompleteness: number): string =>
  `${formatPercent(share)} of the queries returned fewer rows than exist; on average ${formatPercent(meanCompleteness)} of the rows came back.`;

const rowCount = (rows: number): string => plural(rows, { one: 'row', other: 'rows' });

/** What an operator must know beside the recall of a live table. */
export const recallFindings: Catalogue<RecallFinding> = {
  ...findings,

  'index-invalid': ({ index }) =>
    `Index ${index} is invalid, so the planner ignores it: an interrupted CREATE INDEX CONCURRENTLY leaves such an index. Drop it, or run REINDEX INDEX CONCURRENTLY.`,
  'no-index': ({ table, column, others }) =>
    `${table}.${column} has no index${others > 0 ? ' that can be used' : ''}: every query reads the whole table.`,
  'index-not-used': ({ plan, partial, isFiltered }) =>
    [
      `The planner does not use an index on the vectors: ${plan}.`,
      ...partial.map(({ index, predicate }) => `${index} holds only the rows WHERE ${predicate}.`),
      ...(isFiltered ? ['It may expect so few rows to meet the condition that an exact search is cheaper.'] : []),
      'It compares costs, which depend on the size of the table, its statistics (ANALYZE), and ef_search or probes.',
    ].join(' '),
  'partly-indexed': ({ tables }) => `Part of the table is read without an index on the vectors: ${tables.join(', ')}.`,
  'plan-forced': ({ setting }) => `${setting} is off, so this is not the plan that an application gets.`,

  'plan-depends-on-limit': ({ last, asked, beyond }) =>
    `The planner uses the index up to LIMIT ${formatCount(last)}; from ${formatCount(last + 1)} on it chooses ${beyond}.${asked > last ? ` The queries have LIMIT ${formatCount(asked)}: ask for fewer rows, or compare the times with SET LOCAL enable_seqscan = off.` : ''}`,
  'vectors-out-of-line': ({ share, bytes, column, unusedIndex }) =>
    `${formatPercent(share)} of the table (${formatBytes(bytes)}) is TOAST: every exact scan reads the vectors from there${unusedIndex ? ', which the planner does not count, so it takes the scan for cheaper than it is' : ''}. Vectors that fit a page stay in the table with ALTER TABLE … ALTER COLUMN ${column} SET STORAGE PLAIN, for rows that are written afterwards.`,
  'uneven-lists': ({ index, read, even, probes, lists }) => {
    const [now, then] = formatApart((share, digits) => formatPercent(share, digits - 2), read, even);
    return `A query reads ${now} of ${index}; with even lists (${lists}) ivfflat.probes = ${probes} would read ${then}. A few lists hold most rows, as when the index was built before the rows came. REINDEX it, and raise ivfflat.probes together with that: even lists hold fewer rows each.`;
  },
  'row-security': ({ table, exempt }) =>
    exempt
      ? `${table} has row-level security, but this role is exempt from it: the policies filter the index's answers for an application, which can lose rows that this measurement does not. Measure with the application's role.`
      : `Row-level security filters the index's answers: recall counts the rows that this role may see. An iterative scan (hnsw.iterative_scan, ivfflat.iterative_scan) goes on until enough of them are found.`,

  'limit-above-setting': ({ share, meanCompleteness, setting, most, k, andItself }) =>
    `${missing(share, meanCompleteness)} The index returns at most ${rowCount(most)} (${setting}), but ${k}${andItself ? ' and the row itself' : ''} were requested.`,
  'ends-at-setting': ({ share, meanCompleteness, setting, most }) =>
    `${missing(share, meanCompleteness)} Answers end at ${rowCount(most)}, the value of ${setting}.`,
  'rows-missing': ({ share, meanCompleteness }) => missing(share, meanCompleteness),
  'iterative-scan-off': ({ setting }) =>
    `The condition is applied to the rows that the index returned, and ${setting} is off, so rows are missing. Try --set ${setting}=relaxed_order.`,
  'setting-at-minimum': ({ setting, value }) => `${setting} is ${value}, its minimum.`,
  'dead-rows': ({ share, lists }) =>
    `${formatPercent(share)} of the rows are dead: the index still finds them, and they are dropped from its answers until VACUUM removes them.${lists ? ' REINDEX makes new lists, so the same ivfflat.probes can find less afterwards: raise probes together with it, and measure again with --sweep ivfflat.probes=1..64.' : ''}`,

  'not-analysed': ({ table }) => `${table} was never analysed, so the planner guesses its size. Run ANALYZE.`,
  'null-vectors': ({ share, column }) =>
    `About ${formatPercent(share)} of the rows have no vector in ${column}; no index finds them.`,
  'zero-vectors': ({ share, areQueries }) =>
    `${formatPercent(share)} of the sampled ${areQueries ? 'query vectors' : 'vectors'} are zero vectors: cosine distance is undefined for them, and the index leaves such rows out. They were not used as queries.`,
  'lengths-differ': ({ spread }) =>
    `The vectors differ in length (standard deviation ${formatPercent(spread)}): by inner product, long vectors are near to everything. Normalise them, or use cosine distance.`,
  'queries-in-table': ({ share }) =>
    `${formatPercent(share)} of the queries are also rows of the table: they find themselves, which inflates recall.`,
  'duplicate-vectors': ({ share }) =>
    `${formatPercent(share)} of the sampled rows share their vector with another row: HNSW is not made for many duplicates, and recall counts each of them as correct.`,

  'queries-are-rows': () =>
    'The queries are rows of the table, each excluded from its own answer. An index finds the neighbours of its own rows more easily than those of new vectors; --query-log takes real queries.',
  quantised: () =>
    'The exact side compares what the index holds, so recall shows what the search loses, not what quantization loses: measuring that takes re-ranking by the full vectors.',
  'read-from-outside': ({ share }) =>
    `${formatPercent(share)} of the buffers came from outside shared_buffers, even when a query ran for the third time.`,
  'queries-changed': ({ queries }) =>
    `${queries} of the rows that served as queries changed during the run; they count in no figure of recall.`,
  interrupted: () =>
    'The server restarted, recovered from a crash, or lost its statistics while the index was timed, so the times are void. Run it again.',
  'activity-hidden': () =>
    'This role cannot see what other sessions do, so whether they disturbed the times is unknown. GRANT pg_read_all_stats lets it see them.',
  'known-defect': ({ version, defect, fixedIn }) =>
    `pgvector ${version} has a known defect: ${knownDefects[defect](fixedIn)}`,
};
