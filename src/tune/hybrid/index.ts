export { cellsOf, tuneHybrid } from './search.js';
export type { HybridSpace } from './space.js';
