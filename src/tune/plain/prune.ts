import {
  ASSUMED_PG_VERSION,
  indexKind,
  numberOf,
  partsOf,
  predictIndex,
  predictQuery,
  rowsOfIndex,
  type TableAndIndexPrediction,
} from '../../indexes/index.js';
import type { NotBuilt } from '../../results/index.js';
import type { IndexParameters } from '../../vocabulary.js';
import { type Candidates, candidatesOf, type Family, type Space } from './space.js';

/** An index that is not built, and why. */
export interface Pruned {
  readonly family: Family;
  readonly why: NotBuilt;
}

/**
 * Leaves out what the models rule out: too large, too little memory to train its centres, too few rows returned, never
 * taken by the planner; and, where size is all that counts, what lies on the same pages as a denser one. Pages are exact
 * for distinct vectors; duplicates only make an index smaller, so the bound on its size is given a little room. The
 * first family is the control, and stays.
 */
export function prune(space: Space): { readonly kept: readonly Family[]; readonly pruned: readonly Pruned[] } {
  const pruned: Pruned[] = [];
  const leaveOut = (families: readonly Family[], reason: (family: Family) => NotBuilt | null): readonly Family[] =>
    families.filter((family, i) => {
      const why = i === 0 ? null : reason(family);
      if (why) pruned.push({ family, why });
      return why === null;
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

/** Null for a kind without a model. Of a table in parts, the index of one. */
function predict(space: Space, { spec }: Family): TableAndIndexPrediction | null {
  const { dimensions, metric, target, server } = space;
  if (indexKind(spec.method).model === null) return null;
  return predictIndex({
    rows: rowsOfIndex(space),
    dimensions,
    metric,
    spec,
    // Where nothing is known of the server's memory there is no telling that it is too little.
    maintenanceWorkMemBytes: target.buildMemoryBytes ?? server?.maintenanceWorkMemBytes ?? Infinity,
    maxParallelMaintenanceWorkers: 0,
    pgVersion: server?.pgVersion ?? ASSUMED_PG_VERSION,
  });
}

function whyNot(space: Space, family: Family): NotBuilt | null {
  const { target, workload, server } = space;
  const index = predict(space, family);
  const bytes = index && partsOf(space.layout) * index.bytes;
  if (bytes !== null && target.indexBytes !== undefined && bytes > target.indexBytes * ROOM) {
    return { code: 'would-be-too-large', data: { bytes, bound: target.indexBytes } };
  }
  if (index?.build?.fails) {
    const given = target.buildMemoryBytes ?? server?.maintenanceWorkMemBytes ?? 0;
    return { code: 'centres-need-memory', data: { bytes: index.build.neededMaintenanceWorkMemBytes, given } };
  }
  const candidates = candidatesOf(family, workload.k, space.layout);
  if (!candidates) return null;
  const knob = candidates.knob.name;
  if (candidates.values.length === 0) return { code: 'returns-too-few-rows', data: { knob, k: workload.k } };
  return index === null || isEverTaken(space, family, { candidates, index })
    ? null
    : { code: 'never-used-by-planner', data: { knob } };
}

/** Whether the planner would take the index at some value of the knob, or may, for all that is known. */
function isEverTaken(
  space: Space,
  { spec }: Family,
  { candidates, index }: { readonly candidates: Candidates; readonly index: TableAndIndexPrediction },
): boolean {
  const { dimensions, metric, workload, server } = space;
  if (!server?.costs) return true;
  const { costs } = server;
  return candidates.values.some((value) => {
    const settings = { [candidates.knob.name]: value };
    const { plan } = predictQuery({
      rows: rowsOfIndex(space),
      dimensions,
      metric,
      spec,
      index,
      k: workload.k,
      settings,
      costs,
    });
    if (!plan || plan.plan === 'index') return true;
    const { index: own, sequential, parallelSequential } = plan.limit;
    return own.total <= DOUBT * Math.min(sequential.total, parallelSequential?.total ?? Infinity);
  });
}

/** Equal pages, within what the levels of a graph vary. */
const SAME_SIZE = 1.01;

/** An index of the same kind and size with more of every build parameter: it finds more, and that costs no bytes. */
function twinOf(space: Space, families: readonly Family[], { spec }: Family): NotBuilt | null {
  const bytes = predict(space, { spec, knobValues: null })?.bytes;
  if (bytes === undefined) return null;
  const twin = families.find(
    (other) =>
      other.spec.method === spec.method &&
      other.spec.representation === spec.representation &&
      other.spec.dimensions === spec.dimensions &&
      isDenser(other.spec.parameters, spec.parameters) &&
      predict(space, other)!.bytes <= SAME_SIZE * bytes,
  );
  return twin ? { code: 'denser-on-as-many-pages', data: { spec: twin.spec } } : null;
}

function isDenser(a: IndexParameters, b: IndexParameters): boolean {
  const names = Object.keys(b);
  const more = (name: string): number => numberOf(a, name, 0) - numberOf(b, name, 0);
  return names.every((name) => more(name) >= 0) && names.some((name) => more(name) > 0);
}
