export { buildsOfBest, cellsOf, tuneFiltered } from './search.js';
export type { FilteredSpace } from './space.js';
