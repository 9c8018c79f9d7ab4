import { ident, qualified } from '../../../identifiers.js';
import type { FilterAnswer, RunManifest, SampledColumn } from '../../../results/index.js';
import { columnsOf, sqlTypeText, stepOf, stepsOf } from '../../../workloads/index.js';
import { joinedTable } from './joined-table.js';
import { TABLE } from './printed-names.js';

/** Statements that give the table columns of others, and that take them away again. */
export interface CopiedColumns {
  readonly add: readonly string[];
  /** Once, after all columns are there. */
  readonly rewrite: readonly string[];
  readonly undo: readonly string[];
}

const NOTHING: CopiedColumns = { add: [], rewrite: [], undo: [] };

interface Copied {
  /** All as SQL writes them; the row is called `i`. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Copies those of the joined tables' columns that the filter looks at. */
export function copiedByStrategy(
  manifest: Pick<RunManifest, 'dataset'>,
  { join, columns, example }: Pick<FilterAnswer, 'join' | 'columns' | 'example'>,
): CopiedColumns {
  if (join === null) return NOTHING;
  const steps = stepsOf(join);
  const copied = columns.flatMap((column): readonly Copied[] => {
    const step = columnsOf(example).includes(column.name) && stepOf(steps, column.name);
    const name = ident(column.name);
    return step ? [{ name, type: sqlTypeText(column), value: `${step.alias}.${name}` }] : [];
  });
  const from = steps.map(({ table, alias }) => `${joinedTable(manifest, table).table} AS ${alias}`);
  const where = steps.map(
    ({ table, alias, from: before, key }) => `${alias}.${joinedTable(manifest, table).key} = ${before}.${ident(key)}`,
  );
  return copy(copied, from, where);
}

/**
 * Copies columns that the sample has as its own and the table has not: they were read from other tables. A statement that joins
 * needs no copy.
 *
 * @param used columns that the statement looks at, unquoted
 */
export function copiedBySample({ dataset }: Pick<RunManifest, 'dataset'>, used: readonly string[]): CopiedColumns {
  const ways = new Map<string, SampledColumn[]>();
  for (const column of dataset.table?.joined ?? []) {
    if (!used.includes(column.name)) continue;
    const way = JSON.stringify(column.steps);
    ways.set(way, [...(ways.get(way) ?? []), column]);
  }
  const parts = [...ways.values()].map((columns) => {
    const { steps } = columns[0]!;
    // As in a statement that joins: what is copied for both is printed once.
    const aliasOf = (step: number): string => (step < 0 ? 'i' : step === 0 ? 'd' : `d${step + 1}`);
    const last = aliasOf(steps.length - 1);
    return copy(
      columns.map(({ name, type, column }) => ({ name: ident(name), type, value: `${last}.${ident(column)}` })),
      steps.map((step, i) => `${qualified(step.schema, step.table)} AS ${aliasOf(i)}`),
      steps.flatMap(({ on }, i) =>
        on.map(({ from, to }) => `${aliasOf(i)}.${ident(to)} = ${aliasOf(i - 1)}.${ident(from)}`),
      ),
    );
  });
  return {
    add: parts.flatMap(({ add }) => add),
    rewrite: parts[0]?.rewrite ?? [],
    undo: parts.flatMap(({ undo }) => undo),
  };
}

function copy(columns: readonly Copied[], from: readonly string[], where: readonly string[]): CopiedColumns {
  const added = columns.map(({ name, type }) => `ADD COLUMN ${name} ${type}`);
  const set = columns.map(({ name, value }) => `${name} = ${value}`);
  return {
    add: [
      '-- From now on every change of the joined table has to be carried over, by a trigger or by the application.',
      `ALTER TABLE ${TABLE} ${added.join(', ')};`,
      '-- This writes every row anew, into all indexes: run it before the vector index is built.',
      `UPDATE ${TABLE} AS i SET ${set.join(', ')} FROM ${from.join(', ')} WHERE ${where.join(' AND ')};`,
    ],
    rewrite: [
      '-- The old rows stay in the table as gaps that every scan reads: this writes it anew, and blocks it meanwhile.',
      `VACUUM FULL ${TABLE};`,
    ],
    undo: [`ALTER TABLE ${TABLE} ${columns.map(({ name }) => `DROP COLUMN ${name}`).join(', ')};`],
  };
}
