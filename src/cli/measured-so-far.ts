import { canonicalJson } from '../canonical-json.js';
import { type Config, filteredWorkloads } from '../config/index.js';
import type { Drawn, Filter } from '../filter.js';
import type { MeasuredCell } from '../progress.js';
import type { BuildRecord, RunFiles } from '../results/index.js';
import { formatPercent } from '../units.js';

/** What a run has measured on all rows so far, one entry for each index and strategy: the last of its points. */
export function measuredSoFar({ manifest, records }: RunFiles): readonly MeasuredCell[] {
  const builds = new Map<string, BuildRecord>();
  const cells = new Map<string, MeasuredCell>();
  const names = namesOfFilters(manifest.config as Config);
  for (const record of records) {
    if (record.type === 'build') builds.set(record.key, record);
    if (record.type !== 'point' || !record.measured || record.fromRun !== undefined) continue;
    const { build, workload, settings } = record.request;
    const of = builds.get(build)?.request;
    if (!of || of.rows !== undefined) continue;
    const filter = 'filter' in workload && workload.filter ? nameOf(workload.filter, names) : null;
    const strategy = 'strategy' in workload ? workload.strategy : null;
    cells.set(canonicalJson({ spec: of.spec, filter, strategy }), {
      spec: of.spec,
      settings,
      filter,
      strategy,
      recall: record.measured.recall.mean.value,
      medianMs: record.measured.latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value ?? null,
    });
  }
  return [...cells.values()];
}

const namesOfFilters = ({ workloads }: Config): ReadonlyMap<string, string> =>
  new Map(
    filteredWorkloads(workloads).flatMap(({ filters = {} }) =>
      Object.entries(filters === 'none' ? {} : filters).map(([name, filter]) => [canonicalJson(filter), name] as const),
    ),
  );

/** As the configuration calls it; a place on the grid by what was drawn, any other by itself. */
function nameOf(filter: Filter, names: ReadonlyMap<string, string>): string {
  const text = canonicalJson(filter);
  const known = names.get(text);
  if (known !== undefined) return known;
  const value = 'value' in filter && typeof filter.value === 'object' ? filter.value : null;
  const draw = value !== null && 'draw' in value ? (value as Drawn).draw : null;
  if (draw === null || draw === 'own' || !('selectivity' in draw)) return text;
  return `${formatPercent(draw.selectivity, 1)}, correlation ${draw.correlation}`;
}
