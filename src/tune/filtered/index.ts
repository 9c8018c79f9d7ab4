export { buildsOfBest, tuneFiltered } from './search.js';
export type { FilteredCase, FilteredSpace } from './space.js';
