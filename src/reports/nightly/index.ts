export { historyCsv, historyLines } from './history.js';
export { comparisonDocument, unlikenessText } from './compare.js';
export { gateDocument, gateSentence } from './gate.js';
