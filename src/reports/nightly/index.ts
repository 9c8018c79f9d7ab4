export { historyCsv, historyLines } from './history.js';
export { comparisonDocument, unlikenessText } from './compare.js';
export { gateDocument, gateSentence } from './gate.js';
export { driftDocument } from './drift.js';
export { shareDifference } from './figures.js';
