/** What the planner charges; `SHOW` prints them. */
export interface CostSettings {
  readonly seqPageCost: number;
  readonly randomPageCost: number;
  readonly cpuTupleCost: number;
  readonly cpuIndexTupleCost: number;
  readonly cpuOperatorCost: number;
}

/**
 * What the cheaper of an index scan and a bitmap scan of a B-tree costs by the planner's own formulas, with rows scattered over the
 * table at random.
 *
 * Source: PostgreSQL, src/backend/optimizer/path/costsize.c (`cost_index`, `cost_bitmap_heap_scan`, `index_pages_fetched`) and
 * selfuncs.c (`btcostestimate`); Mackert and Lohman, Index Scans Using a Finite LRU Buffer (1989), for a table that fits into the
 * cache.
 *
 * @param rows that the scan returns
 * @param table.rows of the table
 * @param table.pages of the table
 */
export function indexScanCost(
  rows: number,
  table: { readonly rows: number; readonly pages: number },
  { seqPageCost, randomPageCost, cpuTupleCost, cpuIndexTupleCost, cpuOperatorCost }: CostSettings,
): number {
  const pages = Math.max(1, table.pages);
  const fetched = Math.min(pages, Math.ceil((2 * pages * rows) / (2 * pages + rows)));
  const descent = Math.ceil(Math.log2(Math.max(2, table.rows))) * cpuOperatorCost + 50 * cpuOperatorCost;
  const index = descent + randomPageCost + rows * (cpuIndexTupleCost + cpuOperatorCost);
  // In the order of the table, the more of its pages are read, the more they follow one another.
  const inOrder = randomPageCost - (randomPageCost - seqPageCost) * Math.sqrt(fetched / pages);
  const byIndex = fetched * randomPageCost + rows * cpuTupleCost;
  const byBitmap = fetched * inOrder + rows * (cpuTupleCost + 1.1 * cpuOperatorCost);
  return index + Math.min(byIndex, byBitmap);
}
