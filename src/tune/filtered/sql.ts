import { shortHash } from '../../canonical-json.js';
import { ident, literal } from '../../identifiers.js';
import { createColumnIndexSql, placeIndexes } from '../../indexes/index.js';
import type { FilterAnswer } from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import {
  columnsOf,
  filteredGucs,
  type FilteredQuestion,
  type FilteredStrategy,
  ITEMS,
  type NeededIndex,
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
  const statements = strategy.indexes(question, spec).map((index): Statements => {
    if (index.kind === 'column') {
      const name = `${index.spec.table}_${index.spec.columns.join('_').replaceAll(/\W/g, '_')}`.slice(0, 50);
      const create = concurrently(createColumnIndexSql({ name, spec: index.spec, quote }));
      return { build: [`${create};`, `ANALYZE ${quote(index.spec.table)};`], undo: [dropIndex(name)] };
    }
    const placed = placeIndexes({
      name: vectorIndexName(index),
      table: ITEMS,
      column: 'embedding',
      dimensions: question.queries.dimensions,
      spec: index.spec,
      metric: question.metric,
      placement: index.placement,
      quote,
    });
    const creates = placed.indexes.flatMap(({ create }) => create ?? []);
    if (!placed.copy) {
      return {
        build: [...shortened(creates.map((create) => `${concurrently(create)};`)), ANALYZE_ITEMS],
        undo: shortened(placed.indexes.map(({ name }) => dropIndex(name))),
      };
    }
    const [table = '', ...others] = placed.copy.create.map((statement) => `${statement.replace(NO_VACUUM, '')};`);
    const partitions = placed.copy.partitions.length;
    const [fill = '', vacuum = ''] = others.slice(partitions);
    return {
      // An index is built faster over rows that are there than with each of them.
      build: [
        table,
        ...shortened(others.slice(0, partitions)),
        fill,
        ...shortened(creates.map((create) => `${create};`)),
        vacuum,
      ],
      undo: [`${placed.copy.drop};`],
    };
  });
  const copies = strategy.copies === 'columns' ? copyColumns(question) : NOTHING;
  const { text } = strategy.query(question, spec, { quote });
  const gucs = Object.entries(filteredGucs(spec, settings));
  return {
    build: [...copies.build, ...new Set(statements.flatMap(({ build }) => build))],
    query: [
      'BEGIN;',
      ...gucs.map(([name, value]) => `SELECT set_config(${literal(name)}, ${literal(value)}, true);`),
      `${text};`,
      'COMMIT;',
    ],
    undo: [...statements.flatMap(({ undo }) => undo), ...copies.undo],
  };
}

/** Indexes for other filters have other names; the one over the whole table is the same for all. */
const vectorIndexName = ({ spec, placement }: Extract<NeededIndex, { kind: 'vector' }>): string =>
  `${ITEMS}_embedding_${spec.method}${placement ? `_${shortHash(placement).slice(0, 6)}` : ''}`;

interface Statements {
  readonly build: readonly string[];
  readonly undo: readonly string[];
}

const NOTHING: Statements = { build: [], undo: [] };

const dropIndex = (name: string): string => `DROP INDEX CONCURRENTLY ${ident(name)};`;

/** Names without the digits that tell copies of one table apart. */
const quote = (table: string): string => ident(table.replace(COPY_DIGITS, '$1'));

const COPY_DIGITS = new RegExp(`^(${ITEMS}_by_.*)_[0-9a-f]{8}(?=(?:_\\d+)?$)`);

/** Copies those of the joined table's columns that the filter looks at. */
function copyColumns({ join, columns, matching }: FilteredQuestion): Statements {
  if (join === null) return NOTHING;
  const copied = columns.filter(
    ({ name }) => join.columns.includes(name) && matching.filters.some((filter) => columnsOf(filter).includes(name)),
  );
  const [items, documents] = [ident(ITEMS), ident(join.table)];
  const added = copied.map((column) => `ADD COLUMN ${ident(column.name)} ${sqlTypeOf(column.type)}`);
  const set = copied.map(({ name }) => `${ident(name)} = d.${ident(name)}`);
  return {
    build: [
      '-- Every change of the joined table has to be carried over from now on, by a trigger or by the application.',
      `ALTER TABLE ${items} ${added.join(', ')};`,
      '-- This writes every row anew, into all indexes: in batches on a large table, and before the vector index is built.',
      `UPDATE ${items} AS i SET ${set.join(', ')} FROM ${documents} AS d WHERE d.id = i.${ident(join.key)};`,
    ],
    undo: [`ALTER TABLE ${items} ${copied.map(({ name }) => `DROP COLUMN ${ident(name)}`).join(', ')};`],
  };
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
