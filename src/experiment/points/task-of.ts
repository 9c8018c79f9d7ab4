import { canonicalJson } from '../../canonical-json.js';
import type { BuildRecord, PointRequest } from '../../results/index.js';
import type { Filter } from '../../filter.js';
import type { TextSpec } from '../../vocabulary.js';
import type { RunContext } from '../context.js';
import { filteredTask, type PreparedFilter } from '../filtered/task.js';
import type { HybridLegs } from '../hybrid/legs.js';
import type { PreparedHybrid } from '../hybrid/prepare.js';
import { hybridTask } from '../hybrid/task.js';
import type { SubsetTable } from '../table/subset.js';
import { plainTask } from './plain-task.js';
import type { Task } from './task.js';

/** What a point asks, by the kind of its workload. */
export async function taskOf(
  context: RunContext & { readonly legsOf: HybridLegs },
  request: PointRequest,
  { builds, table }: { readonly builds: readonly [BuildRecord, ...BuildRecord[]]; readonly table: SubsetTable },
): Promise<Task> {
  const { workload } = request;
  switch (workload.kind) {
    case 'plain':
      return plainTask(context, { request, build: builds[0], table });
    case 'filtered':
      return filteredTask(context, filterOf(context, workload), { request: { ...request, workload }, builds });
    case 'hybrid': {
      const prepared = hybridOf(context, workload);
      const text = builds.find((build) => build.request.text !== undefined);
      const legs = await context.legsOf(prepared, { settings: request.settings, textIndex: text?.index?.name ?? null });
      return hybridTask(context, prepared, { request: { ...request, workload }, builds, legs });
    }
  }
}

/** The prepared filter that a request names. */
export function filterOf(
  { filters }: Pick<RunContext, 'filters'>,
  { filter, join, returns }: Pick<PreparedFilter, 'filter' | 'join'> & Partial<Pick<PreparedFilter, 'returns'>>,
): PreparedFilter {
  const wanted = canonicalJson([filter, join, returns ?? null]);
  const found = filters.find((one) => canonicalJson([one.filter, one.join, one.returns ?? null]) === wanted);
  if (!found) throw new TypeError(`A point was asked with a filter that was not prepared: ${wanted}.`);
  return found;
}

/** The prepared hybrid workload that searches the text so, among these rows. */
export function hybridOf(
  { hybrids }: Pick<RunContext, 'hybrids'>,
  { text, filter }: { readonly text: TextSpec; readonly filter?: Filter | undefined },
): PreparedHybrid {
  const wanted = canonicalJson([text, filter ?? null]);
  const found = hybrids.find(
    ({ question }) => canonicalJson([question.text, question.filter?.filter ?? null]) === wanted,
  );
  if (!found) throw new TypeError(`A point was asked with a text search that was not prepared: ${wanted}.`);
  return found;
}
