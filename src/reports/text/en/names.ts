import { describeChoice, describeColumnIndex, describeLayout, describeSpec } from '../../../indexes/index.js';
import { formatCount } from '../../../units.js';
import { describeScans } from '../../../workloads/index.js';

/** How indexes are called. */
export const names = {
  spec: describeSpec,
  choice: describeChoice,
  /** A kind of index and the state of the caches, between commas. */
  group: (group: string): string => group,
  columnIndex: describeColumnIndex,
  /** What the table is made of. */
  layout: describeLayout,
  scans: describeScans,
  /** Scans as a record has them in words. */
  recordedScans: (scans: string): string => scans,
  /** An index on some of the rows: its figures are not those of the table. */
  onRandomRows: (spec: string, rows: number): string => `${spec} on ${formatCount(rows)} random rows`,
  partitions: (spec: string, partitions: number, kind: 'list' | 'range' | 'hash', column: string): string =>
    `${spec}, ${partitions} partitions by ${kind} of ${column}`,
  partial: (spec: string, indexes: number, predicate: string): string =>
    indexes === 1 ? `${spec}, partial WHERE ${predicate}` : `${spec}, ${indexes} partial, such as WHERE ${predicate}`,
};
