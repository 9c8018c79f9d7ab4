import { filteredStrategies } from '../../src/reports/text/en/filtered-strategies.js';

/** Names of scans, as EXPLAIN has them. */
const PLAN_NODE =
  /\b(?:Parallel )?(?:Seq|Index|Index Only|Bitmap Heap|Bitmap Index) Scan(?: (?:on|using) \w+)*(?:, using \w+)*/g;
/** Settings, options and columns, with their values; names with digits, such as of datasets and defects. */
const IDENTIFIER = /\b[\w-]*[\d_][\w.-]*(?:=[\w.-]+)?|\b\w+(?: = [\w.-]+|=[\w.-]+)/g;

/** Names that are the same in every language: products, statements, measures, units, and values of settings. */
const NAMES = new Set(
  `PostgreSQL pgvector pgvtune Debian Node linux WebAssembly README TREC autovacuum
   HNSW IVFFlat BRIN hnsw ivfflat btree brin vector halfvec bit cosine
   INSERT UPDATE DELETE COPY VACUUM REINDEX CONCURRENTLY ANALYZE EXPLAIN LIMIT WHERE ANY SET MATERIALIZED WAL TOAST
   CPU CVE SHA RRF MRR nDCG recall steal rank-biased overlap probes lists representation plain tune auto
   ms s min kB MB GB B n m p k Z T
   local embedded performance.now process.hrtime a processor items shop.chunks shop.docs d.lang c.tenant tenant recent year docs posix sync match t N log b`.split(
    /\s+/,
  ),
);
for (const strategy of Object.keys(filteredStrategies)) NAMES.add(strategy);

/**
 * Words in English that are left in Markdown or SVG in another language, but for code and names.
 *
 * @param text of a golden case: what its dataset and its filters are called counts as a name
 */
export function englishIn(text: string): readonly string[] {
  const prose = text
    .replaceAll(/```[\s\S]*?```/g, ' ')
    .replaceAll(/(`+)[\s\S]*?\1/g, ' ')
    .replaceAll(/\]\([^)]*\)/g, '] ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(PLAN_NODE, ' ')
    .replaceAll(IDENTIFIER, ' ');
  const words = prose.match(/[A-Za-z]+(?:[.-][A-Za-z]+)*/g) ?? [];
  return [...new Set(words.filter((word) => !NAMES.has(word)))];
}
