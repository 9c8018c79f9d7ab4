import { annBenchmarksResults } from './ann-benchmarks.js';
import type { ExportFormat } from './format.js';
import { parquetOfPoints } from './parquet.js';
import { prometheusMetrics } from './prometheus.js';
import { vectorDbBenchResult } from './vectordbbench.js';

/** Formats of other programs that a run can be written in. */
export const EXPORT_FORMATS = {
  prometheus: prometheusMetrics,
  parquet: parquetOfPoints,
  'ann-benchmarks': annBenchmarksResults,
  vectordbbench: vectorDbBenchResult,
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;
