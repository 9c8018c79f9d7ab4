export { buildsOfBest, tuneFiltered } from './search.js';
export type { FilteredSpace } from './space.js';
