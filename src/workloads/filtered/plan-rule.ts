import type { OtherPlan, TableScan, WantedPlan } from '../../results/index.js';

/** As much of a plan as tells how its tables are read; an EXPLAIN node of `postgres/` is one. */
export interface PlanShape {
  readonly type: string;
  readonly relation: string | null;
  readonly index: string | null;
  readonly children: readonly PlanShape[];
}

/** Says how a plan differs from those that a strategy may have for a query; null when it is one of them. */
export type PlanRule = (plan: PlanShape, query: number) => OtherPlan | null;

/** All scans of some tables in a plan, in the order of EXPLAIN. */
export function scansOf(plan: PlanShape, tables: readonly string[]): readonly TableScan[] {
  const below = plan.children.flatMap((child) => scansOf(child, tables));
  if (plan.relation === null || !tables.includes(plan.relation)) return below;
  const indexes = plan.index === null ? plan.children.flatMap(indexesIn) : [plan.index];
  return [{ table: plan.relation, type: plan.type, indexes }, ...below];
}

const indexesIn = (node: PlanShape): readonly string[] =>
  node.index === null ? node.children.flatMap(indexesIn) : [node.index];

/** The scans as EXPLAIN names them: `Index Scan using items_hnsw`, `Seq Scan on items`; several are joined by `+`. */
export const describeScans = (scans: readonly TableScan[]): string =>
  scans
    .map(({ type, table, indexes }) =>
      indexes.length > 0 ? `${type} using ${indexes.join(' and ')}` : `${type} on ${table}`,
    )
    .join(' + ') || 'no scan';

/** Every scan of the tables goes through some of the indexes, and through no others. */
export const scansThrough = (
  plan: PlanShape,
  tables: readonly string[],
  indexes: readonly string[],
): OtherPlan | null =>
  unless(
    plan,
    tables,
    { kind: 'one-of', indexes, orTable: false },
    (scan) => scan.indexes.length > 0 && usesOnly(scan, indexes),
  );

/**
 * Rows are found exactly: through some of the indexes or, where the planner finds that cheaper, by reading the whole
 * table, but through no other index.
 */
export const readsThrough = (
  plan: PlanShape,
  tables: readonly string[],
  indexes: readonly string[],
): OtherPlan | null =>
  unless(
    plan,
    tables,
    indexes.length > 0 ? { kind: 'one-of', indexes, orTable: true } : { kind: 'table-scan' },
    (scan) => usesOnly(scan, indexes),
  );

const usesOnly = (scan: TableScan, indexes: readonly string[]): boolean =>
  scan.indexes.every((index) => indexes.includes(index));

function unless(
  plan: PlanShape,
  tables: readonly string[],
  wanted: WantedPlan,
  isRight: (scan: TableScan) => boolean,
): OtherPlan | null {
  const got = scansOf(plan, tables);
  return got.length > 0 && got.every(isRight) ? null : { code: 'other-plan', data: { wanted, got } };
}

/**
 * Only so many partitions are read. One that is read may be searched through its index or, if it is small, as a whole:
 * leaving the others alone is what partitions are for.
 */
export function readsPartitions(plan: PlanShape, partitions: readonly string[], most: number): OtherPlan | null {
  const got = scansOf(plan, partitions);
  const read = new Set(got.map(({ table }) => table)).size;
  return read >= 1 && read <= most ? null : { code: 'other-plan', data: { wanted: { kind: 'partitions', most }, got } };
}
