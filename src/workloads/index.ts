export { plainQuery } from './plain.js';
export { type QueryArgument, type WorkloadQuery } from './query.js';
