export { filterCorrelation, measureAttributes } from './measure-attributes.js';
export { generateSource } from './source.js';
