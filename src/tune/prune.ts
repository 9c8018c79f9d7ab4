import { indexKind, parametersOf, predictIndex } from '../indexes/index.js';
import { formatBytes } from '../units.js';
import type { Family, Space } from './space.js';

/** An index that is not built, and why. */
export interface Pruned {
  readonly family: Family;
  readonly why: string;
}

/**
 * Leaves out what the models rule out: too large, not enough memory to build it, and what lies on the same pages as
 * another with fewer connections would. Pages are exact for distinct vectors; duplicates only make an index smaller, so
 * the bound on its size is given a little room. The first family is the control, and stays.
 */
export function prune(space: Space): { readonly kept: readonly Family[]; readonly pruned: readonly Pruned[] } {
  const pruned: Pruned[] = [];
  const kept = space.families.filter((family, i) => {
    const why = i === 0 ? null : whyNot(space, family);
    if (why !== null) pruned.push({ family, why });
    return why === null;
  });
  return { kept, pruned };
}

/** Bytes that an index may be predicted to be larger than the bound, for what duplicates save. */
const ROOM = 1.02;
const SERVER_DEFAULT = 64 * 2 ** 20;

function whyNot({ rows, dimensions, target }: Space, { spec }: Family): string | null {
  if (target.indexBytes === undefined && target.buildMemoryBytes === undefined) return null;
  const kind = indexKind(spec.method);
  const { bytes, build } = predictIndex({
    rows,
    dimensions,
    spec: { ...spec, parameters: parametersOf(kind, spec) },
    maintenanceWorkMemBytes: target.buildMemoryBytes ?? SERVER_DEFAULT,
    maxParallelMaintenanceWorkers: 0,
    pgVersion: 17,
  });
  if (target.indexBytes !== undefined && bytes > target.indexBytes * ROOM) {
    return `Not built: it would take ${formatBytes(bytes)} of ${formatBytes(target.indexBytes)}.`;
  }
  if (target.buildMemoryBytes !== undefined && build?.fails) {
    return `Not built: its centres need ${formatBytes(build.neededMaintenanceWorkMemBytes)} of maintenance_work_mem, more than ${formatBytes(target.buildMemoryBytes)}.`;
  }
  return null;
}
