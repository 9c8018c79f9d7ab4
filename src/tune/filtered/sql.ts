import { ident, literal } from '../../identifiers.js';
import { createLookupSql, placeIndexes } from '../../indexes/index.js';
import type { FilterAnswer } from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import {
  columnsOf,
  filteredGucs,
  type FilteredQuestion,
  type FilteredStrategy,
  ITEMS,
  sqlTypeOf,
} from '../../workloads/index.js';

/** Indexes that are written out; of more, the others differ in their values only. */
const MOST_STATEMENTS = 4;

/** What to run for a strategy: the tables are called as in the benchmark. */
export function strategySql(
  question: FilteredQuestion,
  {
    strategy,
    spec,
    settings,
  }: { readonly strategy: FilteredStrategy; readonly spec: IndexSpec; readonly settings: SearchSettings },
): NonNullable<FilterAnswer['sql']> {
  const build = strategy.indexes(question, spec).flatMap((index, i) => {
    if (index.kind === 'lookup') {
      const name = `${index.spec.table}_${index.spec.column.replaceAll(/\W/g, '_')}`.slice(0, 50);
      return [
        `${concurrently(createLookupSql({ name, spec: index.spec, quote: ident }))};`,
        `ANALYZE ${ident(index.spec.table)};`,
      ];
    }
    const placed = placeIndexes({
      name: `${ITEMS}_embedding_${i}`,
      table: ITEMS,
      column: 'embedding',
      dimensions: question.queries.dimensions,
      spec: index.spec,
      metric: question.metric,
      placement: index.placement,
      quote: ident,
    });
    const indexes = placed.indexes.flatMap(({ create }) => create ?? []);
    if (!placed.copy) return [...shortened(indexes.map((create) => `${concurrently(create)};`)), ANALYZE_ITEMS];
    const [table = '', ...statements] = placed.copy.create.map((statement) => `${statement.replace(NO_VACUUM, '')};`);
    const partitions = placed.copy.partitions.length;
    return [
      table,
      ...shortened(statements.slice(0, partitions)),
      ...shortened(indexes.map((create) => `${create};`)),
      ...statements.slice(partitions),
    ];
  });
  const copies = strategy.sparesJoin ? copyColumns(question) : [];
  const { text } = strategy.query(question, spec, { quote: ident });
  const gucs = Object.entries(filteredGucs(spec, settings));
  return {
    build: [...copies, ...new Set(build)],
    query: [
      'BEGIN;',
      ...gucs.map(([name, value]) => `SELECT set_config(${literal(name)}, ${literal(value)}, true);`),
      `${text};`,
      'COMMIT;',
    ],
  };
}

/** Copies those of the joined table's columns that the filter looks at. */
function copyColumns({ join, columns, matching }: FilteredQuestion): readonly string[] {
  if (join === null) return [];
  const copied = columns.filter(
    ({ name }) => join.columns.includes(name) && matching.filters.some((filter) => columnsOf(filter).includes(name)),
  );
  const [items, documents] = [ident(ITEMS), ident(join.table)];
  const added = copied.map((column) => `ADD COLUMN ${ident(column.name)} ${sqlTypeOf(column.type)}`);
  const set = copied.map(({ name }) => `${ident(name)} = d.${ident(name)}`);
  return [
    '-- Every change of the joined table has to be carried over from now on, by a trigger or by the application.',
    `ALTER TABLE ${items} ${added.join(', ')};`,
    '-- This writes every row anew, into all indexes: in batches on a large table, and before the vector index is built.',
    `UPDATE ${items} AS i SET ${set.join(', ')} FROM ${documents} AS d WHERE d.id = i.${ident(join.key)};`,
  ];
}

const ANALYZE_ITEMS = `ANALYZE ${ident(ITEMS)};`;
/** What the benchmark needs, and nobody else should have. */
const NO_VACUUM = / WITH \(autovacuum_enabled = off, toast\.autovacuum_enabled = off\)/;

/** Without blocking writes; not possible on a partitioned table. */
const concurrently = (create: string): string => create.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ');

const shortened = (statements: readonly string[]): readonly string[] =>
  statements.length <= MOST_STATEMENTS + 1
    ? statements
    : [...statements.slice(0, MOST_STATEMENTS), `-- … and ${statements.length - MOST_STATEMENTS} more like these`];
