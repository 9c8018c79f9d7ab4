export { configure } from './configure.js';
export { filteredDemands, hybridDemand, plainDemand } from './demands.js';
