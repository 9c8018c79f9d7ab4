import type { Assumption, TablePlan } from '../../../capacity/index.js';
import { describeRepresentation, describeSpec } from '../../../indexes/index.js';
import { textsIn } from '../../../reports/index.js';
import { formatBytes, formatCount } from '../../../units.js';
import { comparisonLines } from './comparison.js';
import { indexLines } from './index-lines.js';

/** The plan as a person reads it: the table, the indexes side by side when there are several, what is assumed. */
export function planText(plan: TablePlan): string {
  const { rows, dimensions, nonZeros, candidates } = plan;
  const vectors =
    nonZeros === undefined
      ? dimensions
      : `${formatCount(dimensions)}, sparse, ${formatCount(nonZeros)} of them not zero`;
  const shape = `${formatCount(rows)} × ${vectors}`;
  const [only] = candidates;
  const lines =
    candidates.length === 1 && only
      ? [`${describeSpec(only.spec)} over ${shape}`, ...tableLines(plan), ...indexLines(only, plan)]
      : [shape, ...tableLines(plan), '', ...comparisonLines(plan)];
  return `${[...lines, ...impossibleLines(plan), ...defectLines(plan), '', ...assumptionLines(plan)].join('\n')}\n`;
}

function tableLines({ table, columnType, nonZeros }: TablePlan): readonly string[] {
  const { heapBytes, toastBytes, toastIndexBytes, indexes, totalBytes, loadWalBytes, indexWalBytes, row } = table;
  const type = nonZeros === undefined ? columnType : 'sparsevec';
  const where = row.isVectorOutOfLine ? `${type} values out of line (TOAST)` : `${type} values in the row`;
  const toast =
    toastBytes === 0 ? '' : `, TOAST ${formatBytes(toastBytes)} and its index ${formatBytes(toastIndexBytes)}`;
  const others = indexes.map(({ column, method, bytes }) => `${method} ${column} ${formatBytes(bytes)}`).join(', ');
  return [
    `  table            ${formatBytes(totalBytes)}: heap ${formatBytes(heapBytes)}${toast}; ${where}`,
    `  other indexes    ${others}`,
    `  WAL              load by COPY ${formatBytes(loadWalBytes)}, building the other indexes ${formatBytes(indexWalBytes)}`,
  ];
}

const impossibleLines = ({ impossible }: TablePlan): readonly string[] =>
  impossible.map(
    ({ method, stored, reason }) => `Not possible: ${method} ${describeRepresentation(stored)}. ${reason}`,
  );

const defectLines = ({ defects, pgvector }: TablePlan): readonly string[] =>
  defects.map(({ code, fixedIn }) =>
    textsIn('en').measurementChecks['known-defects']({ version: pgvector ?? '', defect: code, fixedIn }),
  );

const assumptionLines = ({ assumptions }: TablePlan): readonly string[] => [
  'Assumed:',
  ...assumptions.map((assumption) => `  ${assumptionText(assumption)}`),
];

function assumptionText(assumption: Assumption): string {
  switch (assumption.code) {
    case 'postgresql-version':
      return `PostgreSQL ${assumption.data.version} (--pg-version): before 16 a serial build holds up to 10 % fewer rows in memory.`;
    case 'pgvector-newest':
      return 'The newest pgvector (--pgvector-version).';
    case 'distinct-vectors':
      return 'Every row has a vector, no two alike: rows with equal vectors share an element of an HNSW index.';
    case 'fresh-table':
      return 'A table just loaded in the order of its key, and indexes just built; updates and deletes add to both.';
    case 'text-uncompressed':
      return 'Text is not compressed in the table.';
    case 'gin-estimate':
      return 'Words as frequent as Zipf’s law has it, and as many different ones as Heaps’ law unless you name the number: an estimate, not a bound.';
    case 'wal-without-page-images':
      return 'WAL without the whole pages that follow each checkpoint: a long max_wal_size keeps them few during a load.';
    case 'workers-bounded':
      return `max_parallel_workers = ${assumption.data.maxParallelWorkers} bounds the ${assumption.data.asked} workers that were asked for (--max-parallel-workers).`;
  }
}
