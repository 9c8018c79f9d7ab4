import {
  ASSUMED_PG_VERSION,
  columnType,
  heapPages,
  indexKind,
  type TableAndIndexPrediction,
  PAGE_BYTES,
  parametersOf,
  partsOf,
  predictIndex,
  predictQuery,
  recallKnob,
  rowsOfIndex,
  valueBytes,
} from '../../indexes/index.js';
import type { IndexSpec, Layout, Metric } from '../../vocabulary.js';
import type { Space } from './space.js';

/*
 * What the models say of an index that is not built. They choose what to build, and are never concluded from.
 */

/** What the size of a table follows from. */
export interface Size {
  readonly rows: number;
  readonly dimensions: number;
  readonly metric: Metric;
  /** What the table is made of; absent: it is one. */
  readonly layout?: Layout | undefined;
}

/** Of a table in parts, the index of one. @param size with the memory of its build, where that matters */
export function predictedIndex(
  spec: IndexSpec,
  {
    rows,
    layout,
    dimensions,
    metric,
    maintenanceWorkMemBytes = 2 ** 26,
    pgVersion = ASSUMED_PG_VERSION,
  }: Size & { readonly maintenanceWorkMemBytes?: number; readonly pgVersion?: number | undefined },
): TableAndIndexPrediction {
  return predictIndex({
    rows: rowsOfIndex({ rows, layout }),
    dimensions,
    metric,
    spec: { ...spec, parameters: parametersOf(indexKind(spec.method), spec) },
    maintenanceWorkMemBytes,
    maxParallelMaintenanceWorkers: 0,
    pgVersion,
  });
}

/** Of a row of the table, beside its vector. */
const KEY_BYTES = 8;

/** Bytes of the table without its indexes. */
export function predictedTableBytes({ rows, dimensions, metric }: Size): number {
  const pages = heapPages({
    rows,
    otherBytes: KEY_BYTES,
    valueBytes: valueBytes({ type: columnType(metric), dimensions }),
  });
  return PAGE_BYTES * (pages.heapPages + pages.toastPages);
}

/** Bytes of an index, of all its parts together. */
export const predictedBytes = (spec: IndexSpec, size: Size): number =>
  partsOf(size.layout) * predictedIndex(spec, size).bytes;

/** Bytes of `maintenance_work_mem` that the build of an index wants. */
export const predictedBuildMemory = (spec: IndexSpec, { server, ...size }: Size & Pick<Space, 'server'>): number =>
  predictedIndex(spec, { ...size, pgVersion: server?.pgVersion }).build?.neededMaintenanceWorkMemBytes ?? 0;

/**
 * Buffers of an index over those of another of its method, where both have the recall that the other has with `value`
 * of its knob.
 */
export function predictedRatio(
  one: IndexSpec,
  options: { readonly other: IndexSpec; readonly value: number; readonly size: Size; readonly k: number },
): number {
  const { other, value, size, k } = options;
  const kind = indexKind(one.method);
  const buffers = (spec: IndexSpec, at: number): number => {
    const settings = { [recallKnob(kind)?.name ?? '']: at };
    return predictQuery({ ...size, rows: rowsOfIndex(size), spec, index: predictedIndex(spec, size), k, settings }).work
      .buffers;
  };
  return buffers(one, kind.sameRecall(value, { from: other.parameters, to: one.parameters })) / buffers(other, value);
}
