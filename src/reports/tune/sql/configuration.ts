import type { Configuration, ServedByConfiguration } from '../../../results/index.js';
import { type RunView, tuneAnswer } from '../run-view.js';
import { filteredPrintable } from './filtered.js';
import { hybridPrintable } from './hybrid.js';
import { plainPrintable } from './plain.js';
import { type Printable, printCheck, type PrintedSql, printQuery, printTogether } from './printed-sql.js';

/** What to run for the whole table: built once, with the query of each workload. */
export interface ConfigurationSql extends Omit<PrintedSql, 'query' | 'check'> {
  readonly workloads: readonly {
    readonly served: ServedByConfiguration;
    readonly query: readonly string[];
    readonly check: readonly string[];
  }[];
  /** Whether all indexes are valid. */
  readonly check: readonly string[];
}

/** Null when no workload is served. */
export function configurationSql(run: RunView, { served }: Configuration): ConfigurationSql | null {
  const workloads = served.flatMap((one) => {
    const printable = printableOf(run, one);
    return printable ? [{ served: one, printable }] : [];
  });
  const [first, ...others] = workloads.map(({ printable }) => printable);
  if (!first) return null;
  return {
    ...printTogether([first, ...others]),
    workloads: workloads.map(({ served: one, printable }) => ({
      served: one,
      query: printQuery(printable),
      check: printCheck(printable),
    })),
  };
}

function printableOf(run: RunView, { of, option: position, point: key }: ServedByConfiguration): Printable | null {
  const answer = tuneAnswer(run);
  const point = key === null ? undefined : (run.points.get(key) ?? run.workloadPoints.get(key));
  if (!answer || !point) return null;
  const { request } = point;
  if (of.kind === 'plain') {
    const spec = run.builds.get(request.build)?.request.spec;
    if (!spec || request.workload.kind !== 'plain') return null;
    return plainPrintable(run.manifest, { spec, settings: request.settings, workload: request.workload });
  }
  if (position === null) return null;
  if (of.kind === 'filtered') {
    const filter = answer.filtered?.[of.workload]?.filters[of.filter];
    const option = filter?.options[position];
    return filter && option ? filteredPrintable(run, filter, option, point) : null;
  }
  const hybrid = answer.hybrid?.[of.workload];
  const option = hybrid?.options[position];
  if (!hybrid || !option || request.workload.kind !== 'hybrid') return null;
  const { protected: isProtected = false } = request.workload;
  return hybridPrintable(run.manifest, { ...option, settings: request.settings }, hybrid, { isProtected });
}
