import type { PlanNode } from '../../postgres/index.js';
import { describeScans, scansOf } from '../../workloads/index.js';

/** How queries were served, by the scans of these tables in their plans; most frequent first. */
export function servedBy(
  plans: readonly PlanNode[],
  tables: readonly string[],
): { readonly scans: string; readonly queries: number }[] {
  const counts = new Map<string, number>();
  for (const plan of plans) {
    const scans = describeScans(scansOf(plan, tables));
    counts.set(scans, (counts.get(scans) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([scans, queries]) => ({ scans, queries }));
}
