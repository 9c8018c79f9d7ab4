export { comparisonDocument, unlikenessText } from './compare.js';
export { gateDocument, gateSentence } from './gate.js';
