import { describeSpec, predictIndex, predictQuery, type TableAndIndexPrediction } from '../../indexes/index.js';
import { formatBytes } from '../../units.js';
import { type Candidates, candidatesOf, type Family, type Space } from './space.js';

/** An index that is not built, and why. */
export interface Pruned {
  readonly family: Family;
  readonly why: string;
  /** What it is predicted to need of a quantity that is bounded, when that is why; null: the reason is another. */
  readonly needs: { readonly bound: 'index_size' | 'build_memory'; readonly bytes: number } | null;
}

type Reason = Pick<Pruned, 'why'> & Partial<Pruned>;

/**
 * Leaves out what the models rule out: too large, too little memory to train its centres, too few rows returned, never
 * taken by the planner; and, where size is all that counts, what lies on the same pages as a denser one. Pages are exact
 * for distinct vectors; duplicates only make an index smaller, so the bound on its size is given a little room. The
 * first family is the control, and stays.
 */
export function prune(space: Space): { readonly kept: readonly Family[]; readonly pruned: readonly Pruned[] } {
  const pruned: Pruned[] = [];
  const leaveOut = (families: readonly Family[], reason: (family: Family) => Reason | null): readonly Family[] =>
    families.filter((family, i) => {
      const found = i === 0 ? null : reason(family);
      if (found) pruned.push({ family, needs: null, ...found, why: `Not built: ${found.why}.` });
      return found === null;
    });
  const possible = leaveOut(space.families, (family) => whyNot(space, family));
  const kept =
    space.target.minimise === 'index_bytes'
      ? leaveOut(possible, (family) => twinOf(space, possible, family))
      : possible;
  return { kept, pruned };
}

/** Bytes that an index may be predicted to be larger than the bound, for what duplicates save. */
const ROOM = 1.02;
/** Plans whose costs lie closer together than this may be taken otherwise than predicted. */
const DOUBT = 1.1;

function predict({ rows, dimensions, target, server }: Space, { spec }: Family): TableAndIndexPrediction {
  return predictIndex({
    rows,
    dimensions,
    spec,
    // Where nothing is known of the server's memory there is no telling that it is too little.
    maintenanceWorkMemBytes: target.buildMemoryBytes ?? server?.maintenanceWorkMemBytes ?? Infinity,
    maxParallelMaintenanceWorkers: 0,
    pgVersion: 17,
  });
}

function whyNot(space: Space, family: Family): Reason | null {
  const { target, workload, server } = space;
  const index = predict(space, family);
  if (target.indexBytes !== undefined && index.bytes > target.indexBytes * ROOM) {
    const why = `it would take ${formatBytes(index.bytes)} of ${formatBytes(target.indexBytes)}`;
    return { why, needs: { bound: 'index_size', bytes: index.bytes } };
  }
  if (index.build?.fails) {
    const given = target.buildMemoryBytes ?? server?.maintenanceWorkMemBytes ?? 0;
    const bytes = index.build.neededMaintenanceWorkMemBytes;
    return {
      why: `its centres need ${formatBytes(bytes)} of maintenance_work_mem, more than ${formatBytes(given)}`,
      needs: { bound: 'build_memory', bytes },
    };
  }
  const candidates = candidatesOf(family, workload.k);
  if (!candidates) return null;
  const { name } = candidates.knob;
  if (candidates.values.length === 0) return { why: `no value of its ${name} returns ${workload.k} rows` };
  return isEverTaken(space, family, { candidates, index })
    ? null
    : { why: `the planner would read the table instead, whatever its ${name}` };
}

/** Whether the planner would take the index at some value of the knob, or may, for all that is known. */
function isEverTaken(
  { rows, dimensions, workload, server }: Space,
  { spec }: Family,
  { candidates, index }: { readonly candidates: Candidates; readonly index: TableAndIndexPrediction },
): boolean {
  if (!server?.costs) return true;
  const { costs } = server;
  return candidates.values.some((value) => {
    const settings = { [candidates.knob.name]: value };
    const { plan } = predictQuery({ rows, dimensions, spec, index, k: workload.k, settings, costs });
    if (!plan || plan.plan === 'index') return true;
    const { index: own, sequential, parallelSequential } = plan.limit;
    return own.total <= DOUBT * Math.min(sequential.total, parallelSequential?.total ?? Infinity);
  });
}

/** Equal pages, within what the levels of a graph vary. */
const SAME_SIZE = 1.01;

/** An index of the same kind and size with more of every build parameter: it finds more, and that costs no bytes. */
function twinOf(space: Space, families: readonly Family[], { spec }: Family): Reason | null {
  const { bytes } = predict(space, { spec, knobValues: null });
  const twin = families.find(
    (other) =>
      other.spec.method === spec.method &&
      other.spec.representation === spec.representation &&
      other.spec.dimensions === spec.dimensions &&
      isDenser(other.spec.parameters, spec.parameters) &&
      predict(space, other).bytes <= SAME_SIZE * bytes,
  );
  return twin ? { why: `${describeSpec(twin.spec)} takes as many pages, and finds more` } : null;
}

function isDenser(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(b);
  const atLeast = names.every((name) => (a[name] ?? 0) >= b[name]!);
  return atLeast && names.some((name) => (a[name] ?? 0) > b[name]!);
}
