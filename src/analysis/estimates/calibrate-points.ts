import { latencyQuantile } from './latency-quantile.js';
import type { BuildRecord, PointRecord } from '../../results/index.js';
import type { CostPoint } from './calibrate.js';

/**
 * What the points of a run say about the price of a buffer, grouped by index kind, representation and cache state. The times
 * are the server's own, of the very queries whose buffers were counted; the client's where a record has no others.
 *
 * Only points of this run that are `ok` and of the whole table count, and of points that were looked at twice the one that
 * was measured beside others. Where a search looked with other queries than those that it concluded with, only these count.
 *
 * @param builds by key
 */
export function costPoints(
  points: Iterable<PointRecord>,
  builds: ReadonlyMap<string, BuildRecord>,
): readonly CostPoint[] {
  const byQuestion = new Map<string, CostPoint>();
  const ofRun = [...points].filter(({ fromRun }) => fromRun === undefined);
  const concluded = Math.max(0, ...ofRun.filter((point) => rank(point) === 1).map(first));
  const own = ofRun.filter((point) => first(point) === concluded);
  for (const { request, measured } of own.sort((a, b) => rank(a) - rank(b))) {
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

const first = ({ request }: PointRecord): number => request.from ?? 0;

const rank = ({ request }: PointRecord): number => (request.purpose === 'confirm' ? 1 : 0);
