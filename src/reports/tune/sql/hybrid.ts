import { createColumnIndexSql, createIndexSql } from '../../../indexes/index.js';
import type { HybridAnswer, HybridOption, RunManifest } from '../../../results/index.js';
import {
  columnIndexes,
  hybridGucs,
  hybridQuery,
  type HybridQuestion,
  hybridStrategy,
  textLeg,
} from '../../../workloads/index.js';
import { copiedBySample } from './copied-columns.js';
import { columnIndexName, vectorIndexName } from './index-name.js';
import { COLUMN, printedName, TABLE } from './printed-names.js';
import { exampleQueries, type Printable, type PrintedIndex, type PrintedSql, printSql } from './printed-sql.js';

/** The text of a query in what is only printed. */
const EXAMPLE_TEXT = 'some words to search for';

const NAMES = { text: `${TABLE}_content`, lexemes: `${TABLE}_lexemes` };

/**
 * What to run for an option: the columns are called `id`, `embedding` and `content`. `$1` is the vector, `$2` the text, and
 * what follows are the values of the filter.
 */
export const hybridSql = (...printed: Parameters<typeof hybridPrintable>): PrintedSql =>
  printSql(hybridPrintable(...printed));

/** What there is to print of an option. */
export function hybridPrintable(
  manifest: Pick<RunManifest, 'server' | 'dataset' | 'metric'>,
  { strategy: name, text: textSpec, spec, settings }: Pick<HybridOption, 'strategy' | 'text' | 'spec' | 'settings'>,
  { k, filter }: Pick<HybridAnswer, 'k' | 'filter'>,
  { isProtected = false }: { readonly isProtected?: boolean } = {},
): Printable {
  const { metric, dataset } = manifest;
  const strategy = hybridStrategy(name);
  const leg = textLeg(textSpec.method);
  const queries = exampleQueries(dataset.dimensions);
  const question: HybridQuestion = {
    k,
    metric,
    queries,
    texts: [EXAMPLE_TEXT],
    text: textSpec,
    filter: filter && printedFilter(filter, dataset.rows),
  };
  const uses = strategy.indexes(question, settings);
  const vectorName = vectorIndexName(spec, null);
  const createVector = createIndexSql({
    name: printedName(vectorName),
    table: printedName(TABLE),
    column: COLUMN,
    dimensions: dataset.dimensions,
    spec,
    metric,
  });
  const vector: readonly PrintedIndex[] =
    uses.vector === 'required' && createVector !== null
      ? [
          {
            name: vectorName,
            schema: null,
            create: createVector,
            concurrently: true,
            vector: { spec, rows: dataset.rows },
          },
        ]
      : [];
  const names = {
    table: printedName(TABLE),
    index: printedName(NAMES.text),
    lexemes: printedName(NAMES.lexemes),
  };
  const hasText = strategy.sides.includes('text');
  const columns = hasText ? leg.columns(textSpec) : [];
  const prepare = hasText ? leg.prepare(names) : [];
  const text: readonly PrintedIndex[] = hasText
    ? [{ name: NAMES.text, schema: null, create: leg.createIndex(textSpec, names), concurrently: true, vector: null }]
    : [];
  const ofFilter = (filter ? (columnIndexes(filter.example, { columns: filter.columns, join: null }) ?? []) : []).map(
    (index): PrintedIndex => {
      const own = columnIndexName(index, TABLE);
      const quote = (): string => TABLE;
      const create = createColumnIndexSql({ name: own, spec: index, quote, quoteIndex: printedName });
      return { name: own, schema: null, create, concurrently: true, vector: null };
    },
  );
  const copied = copiedBySample(
    { dataset },
    (filter?.columns ?? []).map(({ name: column }) => column),
  );
  const required = [...(uses.text === 'required' ? text : []), ...vector];
  const place = { quote: printedName, table: TABLE, lexemes: NAMES.lexemes, spec, textIndex: NAMES.text, isProtected };
  return {
    manifest,
    copied,
    before: [
      ...(leg.extension !== null && hasText ? [`CREATE EXTENSION IF NOT EXISTS ${leg.extension};`] : []),
      ...columns.map((column) => `ALTER TABLE ${names.table} ADD COLUMN ${column};`),
    ],
    indexes: [...ofFilter, ...text, ...vector],
    after: [...prepare.map((statement) => `${statement};`), `ANALYZE ${names.table};`],
    undo: [
      ...(prepare.length > 0 ? [`DROP TABLE ${names.lexemes};`] : []),
      ...columns.map((column) => `ALTER TABLE ${names.table} DROP COLUMN ${column.split(' ')[0]};`),
    ],
    gucs: hybridGucs(strategy, question, spec, settings, { isProtected }),
    query: hybridQuery(strategy, { question, place, settings }),
    expected: expectedOf(required, ofFilter),
  };
}

/** As much of a filter as its statement shows: with the values of one query. */
const printedFilter = (
  { filter, example, columns }: NonNullable<HybridAnswer['filter']>,
  rows: number,
): NonNullable<HybridQuestion['filter']> => ({
  filter,
  columns,
  matching: { filters: [example], ofQuery: Int32Array.of(0), matches: [rows], rows },
});

/** How a query is served; with a filter, its rows may come first instead: that depends on how many it leaves. */
function expectedOf(required: readonly PrintedIndex[], ofFilter: readonly PrintedIndex[]): string {
  const names = (indexes: readonly PrintedIndex[]): string => indexes.map(({ name }) => name).join(', ');
  const first = required.length === 0 ? `Seq Scan on ${TABLE}` : `using ${names(required)}`;
  return ofFilter.length === 0 ? first : `${first}, or using ${names(ofFilter)}`;
}
