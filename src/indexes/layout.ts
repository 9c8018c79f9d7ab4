import { type Layout, SINGLE_TABLE } from '../vocabulary.js';

/** How many tables hold the rows, each with an index of its own. */
export function partsOf(layout: Layout = SINGLE_TABLE): number {
  switch (layout.kind) {
    case 'single':
      return 1;
    case 'partitioned':
      return layout.partitions;
    case 'sharded':
      return layout.shards;
  }
}

/** Rows that an index holds: a hash deals them evenly. */
export const rowsOfIndex = ({
  rows,
  layout,
}: {
  readonly rows: number;
  readonly layout?: Layout | undefined;
}): number => Math.ceil(rows / partsOf(layout));

/** The tables of one server that hold the rows of a table: itself, or its partitions. Unquoted. */
export const storedTables = (table: string, layout: Layout): readonly string[] =>
  layout.kind === 'partitioned' ? Array.from({ length: layout.partitions }, (_, i) => `${table}_p${i}`) : [table];

/** A layout in words: `4 partitions by hash of id`. */
export function describeLayout(layout: Layout = SINGLE_TABLE): string {
  switch (layout.kind) {
    case 'single':
      return 'one table';
    case 'partitioned':
      return `${layout.partitions} partitions by hash of id`;
    case 'sharded':
      return layout.shards === 1 ? '1 shard' : `${layout.shards} shards by id modulo ${layout.shards}`;
  }
}

/**
 * Statements that make a table in a layout. Every unique key of a partitioned table has to hold `id`.
 *
 * @param options.content columns and constraints, or what the table is to be like
 * @param options.quote quotes a name and, if need be, puts its schema before it
 */
export function createTableSql(
  table: string,
  {
    content,
    layout,
    quote,
  }: { readonly content: string; readonly layout: Layout; readonly quote: (table: string) => string },
): readonly string[] {
  const create = `CREATE TABLE ${quote(table)} (${content})`;
  if (layout.kind !== 'partitioned') return [create];
  return [
    `${create} PARTITION BY HASH (id)`,
    ...storedTables(table, layout).map(
      (partition, i) =>
        `CREATE TABLE ${quote(partition)} PARTITION OF ${quote(table)} FOR VALUES WITH (MODULUS ${layout.partitions}, REMAINDER ${i})`,
    ),
  ];
}
