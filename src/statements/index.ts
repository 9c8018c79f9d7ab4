export { grammar, loadGrammar, syntaxErrorOf } from './grammar.js';
export type { ColumnUse, NamedRelation } from './nodes.js';
export type { NearestSearch, OrderDefect, StatementShape } from './shape.js';
export { shapesOf } from './shapes-of.js';
export type { KnownColumn, KnownRelation, SearchedIndex, SearchedLeaf, SearchedTable } from './catalog.js';
export { type Mended, mendSearch, writeSelect } from './mend-search.js';
export { findSearch, readSelect, relationsNamed, type VectorSearch } from './vector-search.js';
export { calledFunctions, readExpression } from './expression.js';
