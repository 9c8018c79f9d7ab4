import { latencyQuantile } from './latency-quantile.js';
import type { BuildRecord, PointRecord } from '../../results/index.js';
import type { CostPoint } from './calibrate.js';

/**
 * What the points of a run say about the price of a buffer, grouped by index kind, representation and cache state. The times
 * are the server's own, of the very queries whose buffers were counted; the client's where a record has no others.
 *
 * Only points of this run that are `ok` and of the whole table count. Of a setting that was looked at several times the point
 * counts that was measured beside others, else the one that rests on most queries.
 *
 * @param builds by key
 */
export function costPoints(
  points: Iterable<PointRecord>,
  builds: ReadonlyMap<string, BuildRecord>,
): readonly CostPoint[] {
  const byQuestion = new Map<string, CostPoint>();
  const own = [...points].filter(({ fromRun }) => fromRun === undefined);
  for (const { request, measured } of own.sort(byEvidence)) {
    const build = builds.get(request.build);
    const server = measured?.serverMs?.explain.median;
    const median = (server ?? latencyQuantile(measured, 0.5)?.estimate)?.value;
    if (!measured || !build || build.request.rows !== undefined || median === undefined) continue;
    const { method, representation } = build.request.spec;
    const cache = measured.cache.state;
    byQuestion.set(JSON.stringify([request.build, request.settings, request.workload, cache]), {
      group: [method === 'none' ? 'exact scan' : `${method}, ${representation}`, cache].join(', '),
      buffers: measured.buffers.mean.value,
      latencyMs: median,
    });
  }
  return [...byQuestion.values()];
}

/** What counts last. */
const byEvidence = ({ request: a }: PointRecord, { request: b }: PointRecord): number =>
  rank(a) - rank(b) || a.queries - b.queries;

const rank = ({ purpose }: PointRecord['request']): number => (purpose === 'confirm' ? 1 : 0);
