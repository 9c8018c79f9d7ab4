export { comparisonDocument, unlikenessText } from './compare.js';
