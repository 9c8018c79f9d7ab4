export { type BuildSpread, spreadOfBuilds } from './build-variance.js';
export { latencyQuantile, medianMs } from './constraints.js';
export { checkQueries, defaultFamilies, type Family, namedFamilies, type Space } from './space.js';
export { grid, type Grid, type GridRow } from './grid.js';
export { rulesOfThumb } from './rules-of-thumb.js';
export type { LoadPlan } from './loads.js';
export { type FilteredCase, type FilteredSpace, tuneFiltered } from './filtered/index.js';
export { tune } from './tune.js';
export { tuneWorkloads } from './tune-workloads.js';
