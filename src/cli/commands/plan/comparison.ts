import type { IndexPlan, TablePlan } from '../../../capacity/index.js';
import { describeSettings, describeSpec } from '../../../indexes/index.js';
import { formatBytes, formatCount, formatPercent, formatSpan } from '../../../units.js';
import { aligned } from '../../aligned.js';

const HEADERS = [
  'index',
  'size',
  'build memory',
  'build time',
  'in memory',
  'rows that fit',
  'disk peak',
  'WAL',
  'pages a query',
  'with',
];

/** The indexes side by side, one a line. */
export function comparisonLines(plan: TablePlan): readonly string[] {
  const rows = [HEADERS, ...plan.candidates.map((candidate) => cells(candidate))];
  return [
    ...aligned(rows),
    '',
    `“in memory” and “rows that fit” are for maintenance_work_mem = ${formatBytes(plan.maintenanceWorkMemBytes)} (--memory).`,
    '“build time” has a 90 % interval for machines, which differ by several times; pgvtune capacity measures one.',
    '“disk peak” is that of CREATE INDEX; REINDEX INDEX CONCURRENTLY keeps the old index until the new one is there.',
  ];
}

function cells({
  spec,
  bytes,
  build,
  buildSeconds,
  resources,
  inMemory,
  spilledShare,
  query,
}: IndexPlan): readonly string[] {
  const fits =
    build === null ? '–' : build.fails ? 'fails' : spilledShare === 0 ? 'yes' : formatPercent(1 - spilledShare);
  const rows = inMemory?.rows ?? null;
  const { rerank, work, settings } = query;
  return [
    describeSpec(spec),
    formatBytes(bytes),
    build === null ? '–' : formatBytes(build.memoryBytes),
    buildSeconds === null || build?.fails ? '–' : formatSpan(buildSeconds),
    fits,
    rows === null ? '–' : formatCount(rows),
    resources === null ? '–' : formatBytes(resources.createPeakBytes),
    resources === null ? '–' : formatBytes(resources.walBytes),
    formatCount(work.buffers + (rerank?.buffers ?? 0)),
    Object.keys(settings).length === 0 ? '' : describeSettings(settings),
  ];
}
