import { join } from 'node:path';
import type { CapacityQuestion } from '../capacity/index.js';
import type { DocumentLanguage } from '../languages.js';
import { type RunFiles, writeAtomically } from '../results/index.js';
import { capacityReports } from './capacity/reports.js';
import { maintenanceReports } from './churn/maintenance.js';
import { drawSvg } from './charts/draw.js';
import { recallEffortChart } from './charts/recall-effort.js';
import { recallLatencyChart } from './charts/recall-latency.js';
import { hasThroughputChart, throughputChart } from './charts/throughput.js';
import { filteredStrategiesChart } from './charts/filtered-strategies.js';
import { fitCosts } from './tune/sections/cost.js';
import { strategyChartFile } from './tune/sections/filtered.js';
import { pointsCsv } from './csv/points.js';
import { statementReports } from './statement/document.js';
import { hasPage, PAGE_FILE, reportPage } from './page/page.js';
import { viewRun } from './tune/run-view.js';
import { throughputCsv } from './csv/throughput.js';
import { THROUGHPUT_CHART_FILE } from './tune/sections/throughput.js';
import { ALL_POINTS_FILE, allPoints } from './tune/all-points.js';
import { hasRecallEffort, RECALL_EFFORT_FILE } from './tune/sections/recall-effort.js';
import { hasRecallLatency, RECALL_LATENCY_FILE } from './tune/sections/recall-latency.js';
import { vectorOptimization } from './tune/vector-optimization.js';

export interface ReportOptions {
  /** What a run of `capacity` is to answer beside what it measured. */
  readonly question?: CapacityQuestion;
  /** Of documents and charts. Tables of figures and `report.html` are the same in every language. */
  readonly language?: DocumentLanguage;
}

/**
 * Writes a run's reports beside its journal, from nothing but manifest and journal: no database is needed, and the
 * reports can be made again at any time.
 *
 * @returns paths of the files written, the main one first
 */
export async function writeReports(
  files: RunFiles,
  { question = {}, language = 'en' }: ReportOptions = {},
): Promise<readonly string[]> {
  const { command, statement } = files.manifest;
  if (statement) return write(files, statementReports(files, language));
  const run = viewRun(files, language);
  const figures = viewRun(files);
  const contents: (readonly [name: string, content: string])[] =
    command === 'capacity'
      ? [...(await capacityReports(files, question, language))]
      : command === 'churn'
        ? maintenanceReports(files, language)
        : [['vector_optimization.md', vectorOptimization(run, { costs: await fitCosts(run) })]];
  contents.push(['points.csv', pointsCsv(figures)]);
  if (run.points.size > 0) contents.push([ALL_POINTS_FILE, allPoints(run)]);
  if (hasRecallEffort(run)) contents.push([RECALL_EFFORT_FILE, await drawSvg(recallEffortChart(run))]);
  if (hasRecallLatency(run)) contents.push([RECALL_LATENCY_FILE, await drawSvg(recallLatencyChart(run))]);
  if (run.throughputs.size > 0) contents.push(['throughput.csv', throughputCsv(figures)]);
  if (hasThroughputChart(run)) contents.push([THROUGHPUT_CHART_FILE, await drawSvg(throughputChart(run))]);
  const filtered = run.answer?.kind === 'tune' ? (run.answer.filtered ?? []) : [];
  for (const [number, answer] of filtered.entries()) {
    if (answer.filters.every(({ cell }) => cell === null)) continue;
    contents.push([strategyChartFile(number), await drawSvg(filteredStrategiesChart(run, answer))]);
  }
  if (hasPage(figures)) contents.push([PAGE_FILE, reportPage(figures)]);
  return write(files, contents);
}

const write = (
  { folder }: Pick<RunFiles, 'folder'>,
  contents: readonly (readonly [name: string, content: string])[],
): readonly string[] =>
  contents.map(([name, content]) => {
    const path = join(folder, name);
    writeAtomically(path, content);
    return path;
  });
