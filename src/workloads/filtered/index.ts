export { checkFilter, columnNamed } from './check-filter.js';
export {
  type Attributes,
  type Column,
  columnDefinition,
  type ColumnType,
  comparable,
  type SqlType,
  sqlTypeOf,
  sqlTypeText,
  valueReader,
  valueText,
} from './columns.js';
export { columnsOf } from './conditions.js';
export { columnIndexes } from './indexable.js';
export { isKey, KEY_INDEX } from './key-index.js';
export { type FilterMeasure, type Neighbours } from './filter-measure.js';
export { columnsOfJoin, type JoinedStep, stepOf, stepsOf } from './joins.js';
export { createJoinedTable, type JoinedTable } from './joined-table.js';
export { type MatchingRows } from './matching-rows.js';
export { describeScans, type PlanRule, type PlanShape, scansOf } from './plan-rule.js';
export { drawReach, type FilteredData, drawFilter, type DrawnFilter, type PrepareOptions } from './draw-filter.js';
export { describeFilter, literalFilter, parameterisedFilter } from './render-filter.js';
export { filteredGucs, protectionGucs } from './search-settings.js';
export { returnForm } from './returns/registry.js';
export { HASH_PARTITIONS } from './strategies/partitioned.js';
export { filteredStrategies, filteredStrategy } from './strategies/registry.js';
export {
  type FilteredQuestion,
  type FilteredStrategy,
  type FilteredStrategyName,
  ITEMS,
  type NeededIndex,
  type QueryPlace,
} from './strategies/strategy.js';
export { vectorIndexLimit } from './strategies/vector-index.js';
