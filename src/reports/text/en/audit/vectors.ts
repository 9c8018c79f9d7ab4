import type { TunedChoice, VectorFinding, VectorSample } from '../../../../audit/index.js';
import { describeChoice } from '../../../../indexes/index.js';
import type { OrderDefect } from '../../../../statements/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { recallText } from '../../figures.js';
import { knownDefects } from '../known-defects.js';
import { plural } from '../plural.js';
import { date, either, list } from './words.js';

type Share = VectorSample['zero'];

export const vectorTexts: FindingCatalogue<VectorFinding> = {
  'operator-class-mismatch': {
    title: 'Search by a distance that the index is not made for',
    says: ({ query, column, operator, indexes, calls, meanMs }) =>
      `A search orders ${column} by ${operator}, but ${list(indexes.map(({ index, operators }) => `${index} is made for ${list(operators)}`))}: each of ${formatCount(calls)} calls (${formatMs(meanMs)} on average) read every row. Statement: ${query}.`,
    effect: ({ operator, indexes }) =>
      `The index serves the search: write the statement with ${either([...new Set(indexes.flatMap(({ operators }) => operators))])}, or build an index with the operator class of ${operator}. Which of the two is right depends on the metric of your model.`,
    doubt: () =>
      'An exact search may be meant, for a comparison. Statistics from before the index was changed still count.',
  },
  'unindexable-order': {
    title: 'Order that no vector index can serve',
    says: ({ query, column, defect, calls, meanMs }) =>
      `A search on ${column} ${ORDER[defect]}: the index is not used for its ${formatCount(calls)} calls (${formatMs(meanMs)} on average). Statement: ${query}.`,
    effect: ({ operator, defect }) => REWRITE[defect](operator),
    doubt: () => 'An exact search may be meant.',
  },
  'truncated-vector-scans': {
    title: 'Vector searches that end at ef_search',
    says: ({ index, scans, rowsPerScan, efSearch, since }) =>
      `${plural(scans, { one: 'scan', other: 'scans' })} of ${index} since ${date(since)} returned ${rowsPerScan.toFixed(1)} rows on average, which is hnsw.ef_search (${efSearch}): the queries wanted more, because LIMIT is larger or a filter removed rows. Their answers may lack rows.`,
    effect: () =>
      'The scan goes on until LIMIT rows are found. pgvtune recall measures what was missing; pgvtune tune finds the cheapest setting.',
    doubt: () =>
      'An application that sets ef_search or iterative_scan itself is not seen here; where LIMIT equals ef_search exactly, nothing is missing. Iterative scans need pgvector 0.8.0.',
  },
  'low-recall': {
    title: 'Index that loses neighbours',
    says: ({ index, recall, k, queries, medianMs, settings }) =>
      `Recall@${k} of ${index} is ${recallText(recall)} over ${formatCount(queries)} queries${settings.length === 0 ? '' : ` (${settings.join(', ')})`}${medianMs === null ? '' : `, median ${formatMs(medianMs)}`}.`,
    effect: ({ method }) =>
      `${method === 'hnsw' ? 'A larger hnsw.ef_search' : 'More ivfflat.probes'} finds more of them and takes longer: pgvtune recall --sweep ${method === 'hnsw' ? 'hnsw.ef_search=20..400' : 'ivfflat.probes=1..50'} measures several values, and pgvtune tune finds the cheapest index that reaches a target.`,
    doubt: () =>
      'The queries are rows of the table, each looking for the others; those of users may be easier or harder. A search that asks for fewer rows finds more of them.',
  },
  'untuned-vector-index': {
    title: 'Vector index that tuning improves',
    says: ({ index, why, existing, recommended, liveRecall, sample, isWholeTable, k, targetRecall, run }) =>
      [
        why === 'recall'
          ? `${index} misses recall@${k} ${targetRecall}${existing === null ? `: on the table it reaches ${recallText(liveRecall!)}` : ''}.`
          : `${index} reaches recall@${k} ${targetRecall}, but another one does so for fewer pages.`,
        `Measured on ${isWholeTable ? 'all' : `a random sample of ${formatCount(sample.rows)}${sample.tableRows === null ? '' : ` of ${formatCount(sample.tableRows)}`}`} rows on ${sample.server} (run ${run}):`,
        ...(existing === null ? [] : [`today ${choiceFigures(existing)};`]),
        `recommended ${choiceFigures(recommended)}.`,
      ].join(' '),
    effect: ({ why, existing, recommended, isSameIndex }) =>
      why === 'pages'
        ? `A search reads ${formatCount(Math.round(recommended.pages.value))} pages instead of ${formatCount(Math.round(existing!.pages.value))}, at a recall of ${recommended.recall.value.toFixed(4)} instead of ${existing!.recall.value.toFixed(4)}.`
        : `Recall of ${recommended.recall.value.toFixed(4)}${existing === null ? '' : ` instead of ${existing.recall.value.toFixed(4)}`}${isSameIndex ? ', by a setting alone' : ''}.`,
    doubt: ({ isWholeTable, isSameIndex, k }) =>
      [
        'The queries were rows of the table; those of users may be easier or harder.',
        ...(isWholeTable
          ? []
          : [
              'More rows than the sample need a larger setting for the same recall, and searches read more pages: measure it on the table (pgvtune recall --sweep) before and after.',
            ]),
        `The setting holds for every index of the kind in this database${isSameIndex ? '' : ', and the statements must have the same order and expression as before'}: SET LOCAL, or ALTER ROLE, limits it.`,
        `It was measured for LIMIT ${k}; an HNSW search returns no more rows than hnsw.ef_search.`,
      ].join(' '),
  },
  'ivfflat-bloat': {
    title: 'Bloated IVFFlat index',
    says: ({ index, bytes, expectedBytes, ratio, rows, lists }) =>
      `${index} takes ${formatBytes(bytes)}, ${ratio.toFixed(2)} times as much as ${formatCount(rows)} rows in ${formatCount(lists)} lists need (about ${formatBytes(expectedBytes)}).`,
    effect: ({ bytes, expectedBytes }) =>
      `It frees about ${formatBytes(bytes - expectedBytes)}, a probe reads fewer pages, and the centres are those of the rows of today.`,
    doubt: () =>
      'The model takes the lists from the options, which ALTER INDEX may have changed since the build, and the rows from the last ANALYZE or VACUUM.',
  },
  'hnsw-bloat': {
    title: 'Bloated HNSW index',
    says: ({ index, bytes, pages, expectedPages, ratio, rows, m }) =>
      `${index} (${formatBytes(bytes)}) has ${formatCount(pages)} pages; ${formatCount(rows)} rows at m = ${m} need ${formatCount(expectedPages)}: ${ratio.toFixed(2)} times as many.`,
    effect: ({ bytes, ratio }) =>
      `It frees about ${formatBytes(bytes * (1 - 1 / ratio))}, and more of the index fits into the cache. Afterwards run VACUUM on the table.`,
    doubt: () =>
      'The model takes m from the options, which ALTER INDEX may have changed since the build, and the rows from the last ANALYZE or VACUUM. Equal vectors share an element, so with many of them the true bloat is larger.',
  },
  'pgvector-defect': {
    title: 'Version of pgvector with a known defect',
    says: ({ version, defect, fixedIn }) => `pgvector ${version}: ${knownDefects[defect](fixedIn)}`,
    effect: ({ available, fixedIn }) =>
      available === null
        ? 'The defect is gone after the upgrade.'
        : `The update removes the defect. The server has the files of ${available}${available.localeCompare(fixedIn, 'en', { numeric: true }) < 0 ? ', which have it as well: upgrade the package first' : ''}.`,
    doubt: () => 'Distributions sometimes back-port a fix without changing the version.',
  },
  'pgvector-outdated': {
    title: 'pgvector older than its files',
    says: ({ version, available }) =>
      `The database uses pgvector ${version}; the server has the files of ${available}.`,
    effect: ({ available }) =>
      `The functions and types of ${available} can be used. Sessions that are open keep the old library until they reconnect.`,
    doubt: () => 'Read the changelog for indexes that have to be rebuilt.',
  },
  'vector-without-dimensions': {
    title: 'Vector column without dimensions',
    says: ({ table, column, typeName }) =>
      `${table}.${column} is ${typeName} without dimensions: it takes vectors of any length, and no index can be built on it.`,
    effect: ({ table, column, typeName }) =>
      `With its dimensions (ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${typeName}(n)) an index can be built. That rewrites the table under ACCESS EXCLUSIVE.`,
    doubt: () =>
      'A column for vectors of several models is meant to be so; index each length by an expression with a cast and a predicate.',
  },
  'btree-on-vector': {
    title: 'B-tree on a vector',
    says: ({ index, scans }) =>
      `${index} (${plural(scans, { one: 'scan', other: 'scans' })}) is a B-tree: it finds equal vectors, never near ones, and refuses vectors that do not fit into a third of a page.`,
    effect: () => 'Each write maintains one index fewer.',
    doubt: ({ unique }) =>
      unique
        ? 'It keeps vectors unique. A unique index on a hash of the vector does the same without the limit.'
        : 'Queries for equal vectors may use it.',
  },
  'ivfflat-lists': {
    title: 'IVFFlat lists that do not fit the rows',
    says: ({ index, rows, lists, advised }) =>
      `${index} has ${formatCount(lists)} lists for ${formatCount(rows)} rows; pgvector's README starts from ${formatCount(advised)} (rows / 1000 up to a million, √rows above).`,
    effect: () =>
      'Each probe reads a list of a reasonable size, from centres that fit the rows of today. Set ivfflat.probes anew.',
    doubt: () =>
      'The advice is a starting point. pgvtune tune measures which number of lists and probes is cheapest for your vectors.',
  },
  'ivfflat-probes': {
    title: 'IVFFlat searches that look into one list',
    says: ({ indexes, lists, probes }) =>
      `No role, database or server setting sets ivfflat.probes, so searches with ${list(indexes)} look into 1 of up to ${formatCount(lists)} lists. A starting point is √lists = ${probes}.`,
    effect: () => 'Recall rises; each search reads more. pgvtune recall --sweep shows both.',
    doubt: () => 'The application may set it in its sessions or transactions.',
  },
  'vector-index-exceeds-cache': {
    title: 'Vector index larger than the cache',
    says: ({ index, bytes, sharedBuffersBytes, cacheBytes }) =>
      `${index} is ${formatBytes(bytes)}; shared_buffers is ${formatBytes(sharedBuffersBytes)}, effective_cache_size ${formatBytes(cacheBytes)}. A search reads pages from all over the index.`,
    effect: () =>
      'halfvec halves the index, binary quantization divides it by 30 (with re-ranking); pgvtune plan predicts both.',
    doubt: () =>
      'Where searches stay in one part of the index, or the disk is fast, they may be fast enough; pgvtune recall measures it.',
  },
  'too-many-dimensions': {
    title: 'More dimensions than an index takes',
    says: ({ table, column, typeName, dimensions, limit }) =>
      `${table}.${column} has ${formatCount(dimensions)} dimensions; an index on ${typeName} takes ${formatCount(limit)}, and there is none on an expression of it.`,
    effect: ({ dimensions }) =>
      dimensions <= 4000
        ? 'An index on the column cast to halfvec takes up to 4,000 dimensions.'
        : 'An index on binary_quantize(…), with re-ranking, takes up to 64,000; a subvector of the first dimensions is the other way.',
    doubt: () => 'Where searches filter down to few rows first, an exact search needs no index.',
  },
  'vectors-without-index': {
    title: 'Many vectors without an index',
    says: ({ table, column, rows, type }) =>
      `${table}.${column} (${type}) has ${formatCount(rows)} rows and no index that a search for the nearest could use: each one reads them all.`,
    effect: () => 'pgvtune tune finds the cheapest index that reaches the recall you need, on a sample of this table.',
    doubt: () => 'Where nobody searches the column, or a filter leaves few rows, it needs none.',
  },
  'hnsw-build-spills': {
    title: 'HNSW rebuild that will not fit into memory',
    says: ({ index, rows, rowsInMemory, maintenanceWorkMemBytes, neededBytes }) =>
      `A build of ${index} (${formatCount(rows)} rows) needs ${formatBytes(neededBytes)}; maintenance_work_mem is ${formatBytes(maintenanceWorkMemBytes)}, which holds the first ${formatCount(rowsInMemory)} rows. The rest is inserted on disk, several times more slowly.`,
    effect: () => 'Raise it in the session that builds (SET maintenance_work_mem), not for the server.',
    doubt: () => 'It matters only when the index is rebuilt.',
  },
  'hnsw-beside-ivfflat': {
    title: 'HNSW and IVFFlat on one column',
    says: (data) =>
      `${data.hnsw} (HNSW, ${formatBytes(data.hnswBytes)}, ${plural(data.hnswScans, { one: 'scan', other: 'scans' })}) and ${data.ivfflat} (IVFFlat, ${formatBytes(data.ivfflatBytes)}, ${plural(data.ivfflatScans, { one: 'scan', other: 'scans' })}) serve the same searches. The planner takes the one with the lower estimate, which says nothing of recall.`,
    effect: () => 'Measure both (pgvtune recall), keep one.',
    doubt: () => 'One may be replacing the other just now.',
  },
  'hnsw-page-waste': {
    title: 'HNSW elements that leave pages half empty',
    says: ({ index, m, elementsPerPage, waste, bytes }) =>
      `${index} (${formatBytes(bytes)}, m = ${m}) has ${elementsPerPage} ${elementsPerPage === 1 ? 'element' : 'elements'} on a page and leaves ${formatPercent(waste, 0)} of it empty, because the next does not fit.`,
    effect: ({ typeName }) =>
      typeName === 'vector'
        ? 'An index on the column cast to halfvec puts at least twice as many on a page. pgvtune plan shows the steps.'
        : 'Another m may fit better: pgvtune plan shows the steps.',
    doubt: () => 'It is how the index is laid out: a rebuild changes nothing.',
  },
  'zero-vectors': {
    title: 'Vectors of length 0',
    says: ({ table, column, share, rows, indexes }) =>
      `About ${formatPercent(share.value)} of the vectors of ${table} (${formatCount(Math.ceil(rows))} rows) have length 0 in ${column}. ${
        indexes.length === 0
          ? 'Their cosine distance to anything is NaN, and an index for it leaves them out.'
          : `They have no direction, so ${list(indexes)} ${indexes.length === 1 ? 'leaves' : 'leave'} them out: no search by cosine distance through the index returns these rows.`
      }`,
    effect: () =>
      'Such vectors are most often embeddings that failed, or of an empty text. Compute them again, or set them to NULL until then.',
    doubt: ({ sampled, isWhole, share }) => sampleOf(sampled, isWhole, share),
  },
  'unnormalized-inner-product': {
    title: 'Inner product of vectors of several lengths',
    says: ({ index, table, column, share, least, greatest }) =>
      `${index} orders by the inner product (<#>), and ${formatPercent(share.value)} of the vectors in ${table}.${column} have another length than 1 (${least.toPrecision(3)} to ${greatest.toPrecision(3)}): longer vectors come before nearer ones.`,
    effect: () =>
      'The order is that of the angle: with an index for the cosine distance, searched by <=>, or with vectors that the application divides by their length (l2_normalize). Change the statements together with the index.',
    doubt: ({ sampled, isWhole, share }) =>
      `Where the length is meant to count (maximum inner product, as recommenders use it), the index is right. ${sampleOf(sampled, isWhole, share)}`,
  },
  'duplicate-vectors': {
    title: 'Rows with the same vector',
    says: ({ table, column, sampled, isWhole, rows, rowsPerVector, mostFrequent, heapTids, graphs }) =>
      [
        `A row of ${table} shares its ${column} with ${interval(rowsPerVector, -1)} of ${formatCount(Math.round(rows))} rows on average; the most frequent vector has ${formatCount(mostFrequent)} of the ${formatCount(sampled)} rows ${isWhole ? 'of the table' : 'that were sampled'}.`,
        ...(graphs.length === 0
          ? []
          : [
              `An element of an HNSW graph holds ${heapTids} rows, so copies take several elements of ${list(graphs)}, all at one distance: a search that meets them fills ef_search with copies.`,
            ]),
      ].join(' '),
    effect: () =>
      'Keep each vector once, in a table of its own that the rows refer to, or leave out what repeats (boilerplate, headers) before it is embedded: the nearest rows are then different ones, and the index is smaller.',
    doubt: ({ sampled, isWhole }) =>
      `Rows of different tenants or versions may have to share a vector; vectors that differ in their last bits are not counted. ${isWhole ? `All ${formatCount(sampled)} rows were read.` : `Estimated from ${formatCount(sampled)} rows picked at random.`}`,
  },
  'null-vectors': {
    title: 'Rows without a vector',
    says: ({ table, column, nullFraction, rows }) =>
      `${formatPercent(nullFraction)} of ${table} (about ${formatCount(rows)} rows) have no ${column}: no search for the nearest finds them.`,
    effect: () => 'Compute the vectors that are missing.',
    doubt: () => 'Rows that wait for their embedding, or that are not to be found, are meant to be so.',
  },
  'foreign-access-method': {
    title: 'Access method of another extension',
    says: ({ index, method, extension }) =>
      `The method ${method} of ${index} belongs to ${extension === null ? 'no extension' : `the extension ${extension}`}, not to pgvector. The checks of pgvector's indexes (pages, lists, defects) were not applied to it.`,
    effect: () => 'None: it is said so that nobody takes silence for health.',
    doubt: () => 'Forks of pgvector have the same names and often the same formats.',
  },
};

/** What a share rests on. */
const sampleOf = (sampled: number, isWhole: boolean, { value, low, high }: Share): string =>
  isWhole
    ? `All ${formatCount(sampled)} rows were read.`
    : `Estimated from ${formatCount(sampled)} rows picked at random: ${formatPercent(value)} [${formatPercent(low)}, ${formatPercent(high)}].`;

/** A number with its interval, moved by some; one that is exact has none. */
const interval = ({ value, low, high }: Share, by: number): string =>
  low === high ? few(value + by) : `${few(value + by)} [${few(low + by)}, ${few(high + by)}]`;

const few = (count: number): string => (count < 10 ? count.toFixed(1) : formatCount(count));

const ORDER: Readonly<Record<OrderDefect, string>> = {
  descending: 'orders by the distance descending',
  expression: 'orders by an expression of the distance, not by the distance itself',
  'further-key': 'orders by the distance and by a further key',
  'no-limit': 'has no LIMIT',
};

const REWRITE: Readonly<Record<OrderDefect, (operator: string) => string>> = {
  descending: (operator) => `Order by the distance (column ${operator} $1) ascending: the nearest has the smallest.`,
  expression: (operator) =>
    `Order by the distance itself (column ${operator} $1), with LIMIT, and compute the score (such as 1 - distance) in the select list.`,
  'further-key': (operator) =>
    `Take the nearest in a subquery (ORDER BY column ${operator} $1 LIMIT k), and order its rows by the further keys outside.`,
  'no-limit': () => 'Add a LIMIT: without one every row is wanted, and no index can help.',
};

/** `hnsw m=16 ef_construction=64, ef_search=40: recall 0.9640 [0.9546, 0.9730], p95 0.81 ms, 310 pages, 12 MB` */
function choiceFigures({ settings, recall, pages, p95Ms, bytes, ...spec }: TunedChoice): string {
  const time = p95Ms === null ? '' : `, p95 ${formatMs(p95Ms)}`;
  return `${describeChoice({ spec, settings })}: recall ${recallText(recall)}${time}, ${formatCount(Math.round(pages.value))} pages a search, ${formatBytes(bytes)}`;
}
