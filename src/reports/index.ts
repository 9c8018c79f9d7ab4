export { type DistanceSpread, distanceSpreadChart } from './charts/distance-spread.js';
export { pointsCsv } from './csv/points.js';
export { recallLatencyChart } from './charts/recall-latency.js';
export { drawSvg } from './charts/draw.js';
export { sustainedRateSentence } from './tune/sections/throughput.js';
export { bestOfFilter, exampleText, filterName, strategyTitle } from './tune/filtered/names.js';
export { hybridDecisionText } from './tune/hybrid/decision.js';
export { obstacleText as hybridObstacleText, optionFigures as hybridOptionFigures } from './tune/hybrid/names.js';
export { controlLine } from './tune/control.js';
export { reuseSentence } from './tune/reuse.js';
export { budgetLine, omissionTexts } from './tune/budget.js';
export {
  describeBuild,
  becauseText,
  choicePoint,
  confidencePriceLine,
  pointOf,
  type PointView,
  reasonText,
  recommendedRecall,
  type RunView,
  viewRun,
  tuneAnswer,
} from './tune/run-view.js';
export { shardLines } from './tune/shard-lines.js';
export { vectorOptimization } from './tune/vector-optimization.js';
export {
  driftText,
  githubAnnotations,
  lackText,
  migrationDocument,
  migrationRemarks,
  sarif,
  squashFiles,
  wayBackText,
} from './migrations/index.js';
export { remedySql, statementSql } from './explain/sql.js';
export { quantileMsText, recallText, shortQuantileText } from './text/figures.js';
export { type Language, textOf, textsIn, whyUnchecked } from './text/index.js';
export { auditDocument, type AuditReport } from './audit/render.js';
export { AUDIT_DOCUMENTS, type AuditDocumentId } from './audit/documents.js';
export { auditPage } from './audit/page.js';
export { auditSarif } from './audit/sarif.js';
export { handOverName, handOverRecord } from './audit/hand-over.js';
export { optimizationScript } from './audit/script.js';
export { writeAudit } from './audit/write-audit.js';
export { auditTextsIn } from './text/audit-languages.js';
export { onService } from './audit/on-service.js';
export { type AuditTexts, textsOf as auditTextsOf } from './text/audit-texts.js';
export { changeOf, isRelaxed, SORTED_AGAIN } from './statement/change.js';
export { conditions, optionName, planText } from './statement/document.js';
export { type OptionView, type StatementView, viewStatement } from './statement/view.js';
export { type MaintenanceView, scheduleLines, viewMaintenance } from './churn/maintenance.js';
export { type FolderPage, historyPage, type ListedRun, runsPage } from './page/folder-page.js';
export { hasPage, PAGE_FILE, reportPage } from './page/page.js';
export { writeReports } from './write-reports.js';
export { buildLines, buildProgressLine } from './capacity/watch.js';
export { poolLines, type PoolView } from './capacity/pool.js';
export { capacityPlan, type CapacityView, decisionLines, heldOutLines } from './capacity/capacity-plan.js';
export { viewCapacity } from './capacity/reports.js';
export { githubComparison, junitXml } from './exports/junit.js';
export type { Exported } from './exports/format.js';
export { EXPORT_FORMATS, type ExportFormatName } from './exports/registry.js';
export {
  historyCsv,
  historyLines,
  comparisonDocument,
  driftDocument,
  gateDocument,
  gateSentence,
  shareDifference,
  unlikenessText,
} from './nightly/index.js';
export { fencedBlock } from './text/markdown.js';
export { monitorText } from './monitoring/server-metrics.js';
