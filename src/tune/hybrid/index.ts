export { tuneHybrid } from './search.js';
export type { HybridSpace } from './space.js';
