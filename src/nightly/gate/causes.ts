import type { Measured } from '../../results/index.js';

/** A figure that moved, and what that points to. */
export type Cause =
  /** More pages a query: another setting, graph, plan or amount of data. */
  | { readonly code: 'more-work'; readonly data: { readonly ratio: number } }
  | { readonly code: 'plan-changed'; readonly data: { readonly base: string; readonly candidate: string } }
  /** Pages that were not in shared_buffers. */
  | { readonly code: 'cache-reads'; readonly data: { readonly base: number; readonly candidate: number } }
  /** The server takes longer for the same pages: its processor, JIT, or how vectors are compared. */
  | { readonly code: 'server-time'; readonly data: { readonly ratio: number; readonly workRatio: number } }
  /** The server takes no longer, the client does: network, driver or the client's machine. */
  | { readonly code: 'round-trip'; readonly data: { readonly base: number; readonly candidate: number } }
  | { readonly code: 'planning'; readonly data: { readonly base: Planning; readonly candidate: Planning } };

type Planning = 'generic' | 'custom';

/** A change smaller than this explains nothing. */
const NOTABLE = 0.03;
/** Buffers read a query. */
const NOTABLE_READS = 0.5;
/** Of the round trip without a search, milliseconds. */
const NOTABLE_FLOOR_MS = 0.02;

/** What of two points moved that could make the second slower; the most telling first. */
export function likelyCauses(base: Measured, candidate: Measured): readonly Cause[] {
  const causes: Cause[] = [];
  const workRatio = candidate.buffers.mean.value / base.buffers.mean.value;
  const [planBefore, planNow] = [scanText(base), scanText(candidate)];
  if (planBefore !== planNow) {
    causes.push({ code: 'plan-changed', data: { base: planBefore, candidate: planNow } });
  }
  if (workRatio > 1 + NOTABLE) causes.push({ code: 'more-work', data: { ratio: workRatio } });
  const [readBefore, readNow] = [base.buffers.meanRead, candidate.buffers.meanRead];
  if (readNow - readBefore > NOTABLE_READS) {
    causes.push({ code: 'cache-reads', data: { base: readBefore, candidate: readNow } });
  }
  const [serverBefore, serverNow] = [serverMs(base), serverMs(candidate)];
  if (serverBefore !== null && serverNow !== null && serverNow / serverBefore > workRatio * (1 + NOTABLE)) {
    causes.push({ code: 'server-time', data: { ratio: serverNow / serverBefore, workRatio } });
  }
  const [plansBefore, plansNow] = [planningOf(base), planningOf(candidate)];
  if (plansBefore && plansNow && plansBefore !== plansNow) {
    causes.push({ code: 'planning', data: { base: plansBefore, candidate: plansNow } });
  }
  const floors = [base.clientFloorMs, candidate.clientFloorMs] as const;
  if (floors[1] - floors[0] > NOTABLE_FLOOR_MS) {
    causes.push({ code: 'round-trip', data: { base: floors[0], candidate: floors[1] } });
  }
  return causes;
}

/** Names of indexes carry keys of builds, and are left out. */
const scanText = ({ plan, filtering, ranking }: Measured): string =>
  (filtering ?? ranking)?.plans[0]?.scans ?? plan.node;

/** The statistics of the server count what was timed; EXPLAIN a sample apart from it. */
const serverMs = ({ serverMs: times }: Measured): number | null =>
  times?.statements?.mean ?? times?.explain.median?.value ?? null;

/** By which plans most executions were served; null where the server does not count them. */
const planningOf = ({ planCache }: Measured): Planning | null => {
  const { genericPlans = null, customPlans = null } = planCache ?? {};
  if (genericPlans === null || customPlans === null) return null;
  return genericPlans > customPlans ? 'generic' : 'custom';
};
