export { grammar, loadGrammar, syntaxErrorOf } from './grammar.js';
export { type ColumnUse, type NamedRelation, numberOf } from './nodes.js';
export type { NearestSearch, OrderDefect, StatementShape } from './shape.js';
export { shapesOf } from './shapes-of.js';
export type { KnownColumn, KnownRelation, SearchedIndex, SearchedLeaf, SearchedTable } from './catalog.js';
export { type Mended, mendSearch, writeSelect } from './mend-search.js';
export { calledFunctions, readExpression } from './expression.js';
export {
  dropsOnlyFarthest,
  findSearch,
  itemsOf,
  joinsKeepRows,
  readSelect,
  relationsCalled,
  relationsNamed,
  type VectorSearch,
} from './vector-search.js';
export { limitingSelect } from './obstacles/no-limit.js';
export { searchFirst, USUAL_LIMIT, withoutFurtherKeys } from './obstacles/change.js';
export { columnEqualTo, limitParameters, queryParameterOf, rowsAsked, withQueryParameter } from './parameters.js';
export { readSearchStatement, refusedSearch, type SearchStatement } from './search-statement.js';
