/** As much of a plan as tells how its tables are read; an EXPLAIN node of `postgres/` is one. */
export interface PlanShape {
  readonly type: string;
  readonly relation: string | null;
  readonly index: string | null;
  readonly children: readonly PlanShape[];
}

/** How one table is read somewhere in a plan. */
export interface TableScan {
  readonly table: string;
  /** `Index Scan`, `Bitmap Heap Scan`, `Seq Scan` … */
  readonly type: string;
  /** The indexes that lead to its rows; none for a scan of the table. A bitmap may be made of several. */
  readonly indexes: readonly string[];
}

/** All scans of some tables in a plan, in the order of EXPLAIN. */
export function scansOf(plan: PlanShape, tables: readonly string[]): readonly TableScan[] {
  const below = plan.children.flatMap((child) => scansOf(child, tables));
  if (plan.relation === null || !tables.includes(plan.relation)) return below;
  const indexes = plan.index === null ? plan.children.flatMap(indexesIn) : [plan.index];
  return [{ table: plan.relation, type: plan.type, indexes }, ...below];
}

const indexesIn = (node: PlanShape): readonly string[] =>
  node.index === null ? node.children.flatMap(indexesIn) : [node.index];

/** The way to the rows in words: `Index Scan using items_hnsw`, `Seq Scan on items`; several scans are joined by `+`. */
export const describeScans = (scans: readonly TableScan[]): string =>
  scans
    .map(({ type, table, indexes }) =>
      indexes.length > 0 ? `${type} using ${indexes.join(' and ')}` : `${type} on ${table}`,
    )
    .join(' + ') || 'no scan';

/** What is wrong when every scan of the tables should go through some of the indexes, and through no others. */
export function scansThrough(plan: PlanShape, tables: readonly string[], indexes: readonly string[]): string | null {
  return complain(plan, tables, `use ${oneOf(indexes)}`, (scan) => scan.indexes.length > 0 && usesOnly(scan, indexes));
}

/**
 * What is wrong when rows are looked up exactly: through some of the indexes or, where the planner finds that cheaper,
 * by reading the whole table, but through no other index.
 */
export function readsThrough(plan: PlanShape, tables: readonly string[], indexes: readonly string[]): string | null {
  const wanted = ['scan the table', ...(indexes.length > 0 ? [`use ${oneOf(indexes)}`] : [])].join(' or ');
  return complain(plan, tables, wanted, (scan) => usesOnly(scan, indexes));
}

const MOST_NAMES = 3;

const oneOf = (indexes: readonly string[]): string =>
  indexes.length > MOST_NAMES ? `one of ${indexes.length} indexes such as ${indexes[0]}` : indexes.join(' or ');

const usesOnly = (scan: TableScan, indexes: readonly string[]): boolean =>
  scan.indexes.every((index) => indexes.includes(index));

function complain(
  plan: PlanShape,
  tables: readonly string[],
  wanted: string,
  isRight: (scan: TableScan) => boolean,
): string | null {
  const scans = scansOf(plan, tables);
  if (scans.length > 0 && scans.every(isRight)) return null;
  return `The plan should ${wanted}; it has ${describeScans(scans)}.`;
}

/**
 * What is wrong when only so many partitions should be read. One that is read may be searched through its index or, if
 * it is small, as a whole: leaving the others alone is what partitions are for.
 */
export function readsPartitions(plan: PlanShape, partitions: readonly string[], most: number): string | null {
  const scans = scansOf(plan, partitions);
  const read = new Set(scans.map(({ table }) => table)).size;
  if (read >= 1 && read <= most) return null;
  return `The plan should read ${most === 1 ? 'one partition' : `at most ${most} partitions`}; it reads ${read}: ${describeScans(scans)}.`;
}
