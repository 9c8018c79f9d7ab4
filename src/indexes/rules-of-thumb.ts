/** pgvector's README on lists: rows / 1000 for up to 1M rows, √rows above. */
export const readmeLists = (rows: number): number =>
  Math.max(1, Math.round(rows <= 1_000_000 ? rows / 1000 : Math.sqrt(rows)));

/** pgvector's README on probes: √lists. */
export const readmeProbes = (lists: number): number => Math.max(1, Math.round(Math.sqrt(lists)));

/** What many guides say about lists for tables of any size: √rows. */
export const squareRootLists = (rows: number): number => Math.max(1, Math.round(Math.sqrt(rows)));
