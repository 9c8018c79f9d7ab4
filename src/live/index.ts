export type { LeafTable } from './catalog/leaves.js';
export { type LiveTable, readLiveTable } from './catalog/table.js';
export type { VectorIndex } from './catalog/vector-indexes.js';
export type { NamedJoin } from './catalog/joins.js';
export { fetchRows, positionAt, type RowSample, sampleRows } from './sampling/rows.js';
export { type LiveTableOptions, type LiveTableReport, type LiveTableSource, openLiveTable } from './sampling/source.js';
export { measureControl } from './recall/control.js';
export { type LiveRecallOptions, measureLiveRecall } from './recall/measure.js';
export type {
  LiveGroup,
  LiveGroups,
  LiveIndex,
  LiveMeasured,
  LivePlanEvidence,
  LiveRecall,
  LiveSweep,
  LiveSweepStep,
} from './recall/report.js';
export type { LoggedQuery } from './recall/queries.js';
export { readSweep } from './recall/sweep.js';
export { measureIndexes } from './snapshot/database/measure-indexes.js';
export { relationText } from './explain/relations.js';
export { readSearchOf, type SearchOf } from './statement/application-statement.js';
export { drawQueries } from './statement/draw-queries.js';
export { readStatementTables, type StatementTable } from './statement/read-tables.js';
export type { Sweep } from './recall/sweep.js';
export { takeMeasurementSnapshot } from './snapshot/measurement.js';
export { takeDatabaseSnapshot } from './snapshot/database/take.js';
export { readBuildSettings } from './catalog/build-settings.js';
export { type TableSize, readTableSizes } from './catalog/table-sizes.js';
export { type WatchedIndex, watchBuilds, type WatchReport } from './progress/watch.js';
export { type LeakingSet, observePool, type PoolObservation } from './pool/snapshot.js';
export { explainStatement, isInForce, parseParameter } from './explain/explain.js';
export type { ChangedStatement, ExplainedPlan, MeasuredStatement, SearchExplanation } from './explain/report.js';
export { type MonitorEvent, type MonitorOptions, startMonitor } from './monitor/monitor.js';
