import { shortHash } from '../canonical-json.js';
import { ident } from '../identifiers.js';
import { keySql } from '../json-path.js';
import type { IndexSpec, Metric, Placement } from '../vocabulary.js';
import { createIndexSql } from './ddl.js';
import { predictIndex } from './predict.js';

/** Names are unquoted throughout; statements are complete. */
export interface PlacedIndex {
  readonly name: string;
  /** The table, or partition, that it is on. */
  readonly table: string;
  /** Null for the exact scan. */
  readonly create: string | null;
}

/** A copy of the table in partitions. Copies of equal placements are equal: they are made once for all indexes. */
export interface PartitionedCopy {
  readonly name: string;
  readonly partitions: readonly string[];
  /** In this order, each by itself: the last ones cannot be in a transaction. */
  readonly create: readonly string[];
  readonly drop: string;
}

/** What has to be made for a vector index in its placement. */
export interface PlacedIndexes {
  readonly copy: PartitionedCopy | null;
  readonly indexes: readonly PlacedIndex[];
}

export interface PlacementOptions {
  /** Of the index; those of several get a number behind it. */
  readonly name: string;
  readonly table: string;
  /** As SQL writes it. */
  readonly column: string;
  readonly dimensions: number;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  /** Null: one index over the whole table. */
  readonly placement: Placement | null;
  /** Quotes the name of a table and, if need be, puts its schema before it. */
  readonly quote: (table: string) => string;
  /** Quotes the name of an index. */
  readonly quoteIndex?: (name: string) => string;
}

/** @throws {PgvtuneError} `usage` when the access method is unknown */
export function placeIndexes(options: PlacementOptions): PlacedIndexes {
  const { placement, table, name, quote, quoteIndex = ident } = options;
  const statement = (index: string, on: string): string | null =>
    createIndexSql({ ...options, name: quoteIndex(index), table: quote(on) });
  if (placement === null) return { copy: null, indexes: [{ name, table, create: statement(name, table) }] };

  if (placement.kind === 'partial') {
    const indexes = placement.predicates.map((predicate, i): PlacedIndex => {
      const create = statement(`${name}_${i}`, table);
      return { name: `${name}_${i}`, table, create: create && `${create} WHERE ${predicate}` };
    });
    return { copy: null, indexes };
  }
  const copy = partitionedCopy({ table, placement, quote });
  const indexes = copy.partitions.map((partition, i): PlacedIndex => ({
    name: `${name}_${i}`,
    table: partition,
    create: statement(`${name}_${i}`, partition),
  }));
  return { copy, indexes };
}

/** The tables whose scans show how a query was served: the table itself, or the partitions of its copy. */
export function placedTables(table: string, placement: Placement | null): readonly string[] {
  return placement === null || placement.kind === 'partial' ? [table] : partitionNames(table, placement);
}

/** The table that a query names. */
export const queriedTable = (table: string, placement: Placement | null): string =>
  placement === null || placement.kind === 'partial' ? table : copyName(table, placement);

type Partitioning = Exclude<Placement, { kind: 'partial' }>;

const MAX_NAME_CHARACTERS = 40;

/** `items_by_status_0123abcd`: the digits tell apart copies by the same column. */
function copyName(table: string, placement: Partitioning): string {
  const column = placement.column.replaceAll(/\W/g, '_');
  return `${`${table}_by_${column}`.slice(0, MAX_NAME_CHARACTERS)}_${shortHash(placement).slice(0, 8)}`;
}

/** One for each value, range or remainder, in order; for values and ranges, one more for all other rows. */
function partitionNames(table: string, placement: Partitioning): readonly string[] {
  return Array.from({ length: partitionCount(placement) }, (_, i) => `${copyName(table, placement)}_${i}`);
}

function partitionCount(placement: Partitioning): number {
  if (placement.kind === 'hash') return placement.partitions;
  // Before the first bound, and from the last one on; rows without a value have the last.
  return placement.kind === 'list' ? placement.values.length + 1 : placement.bounds.length + 2;
}

/** The table's columns and rows once more, without its primary key: that would have to hold the partitioning column. */
function partitionedCopy({
  table,
  placement,
  quote,
}: {
  readonly table: string;
  readonly placement: Partitioning;
  readonly quote: (table: string) => string;
}): PartitionedCopy {
  const name = copyName(table, placement);
  const partitions = partitionNames(table, placement);
  const bounds = (i: number): string => {
    if (placement.kind === 'hash') return `FOR VALUES WITH (MODULUS ${placement.partitions}, REMAINDER ${i})`;
    if (placement.kind === 'range') {
      const ends = ['MINVALUE', ...placement.bounds, 'MAXVALUE'];
      return i + 1 === ends.length ? 'DEFAULT' : `FOR VALUES FROM (${ends[i]}) TO (${ends[i + 1]})`;
    }
    const value = placement.values[i];
    return value === undefined ? 'DEFAULT' : `FOR VALUES IN (${value})`;
  };
  return {
    name,
    partitions,
    create: [
      `CREATE TABLE ${quote(name)} (LIKE ${quote(table)}) PARTITION BY ${placement.kind} (${keySql(placement.column)})`,
      // As the table itself: a vacuum between the blocks of a comparison would spoil it.
      ...partitions.map(
        (partition, i) =>
          `CREATE TABLE ${quote(partition)} PARTITION OF ${quote(name)} ${bounds(i)} WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)`,
      ),
      `INSERT INTO ${quote(name)} SELECT * FROM ${quote(table)}`,
      `VACUUM (ANALYZE) ${quote(name)}`,
    ],
    drop: `DROP TABLE IF EXISTS ${quote(name)}`,
  };
}

/** Bytes that the indexes will take together, from the rows that each of them will hold. */
export const predictPlacedBytes = (
  rowsOfEach: readonly number[],
  options: Omit<Parameters<typeof predictIndex>[0], 'rows'>,
): number => rowsOfEach.reduce((sum, rows) => sum + predictIndex({ ...options, rows }).bytes, 0);
