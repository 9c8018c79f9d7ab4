import { PgvtuneError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import { describeChoice } from '../../indexes/index.js';
import type { BuildRecord, Measured, PointRecord } from '../../results/index.js';
import type { RunView } from '../tune/run-view.js';

/** A point whose figures other benchmarks have a place for. */
export interface PlainPoint {
  readonly point: PointRecord;
  readonly build: BuildRecord;
  readonly measured: Measured;
}

/**
 * Points of plain queries on an index over the whole table, measured and timed in this run: one for each build, setting and
 * state of the caches, that with the most round trips.
 *
 * @throws {PgvtuneError} `usage` when there is none
 */
export function plainPoints(run: RunView): readonly PlainPoint[] {
  const timed = [...run.points.values()].flatMap((point): PlainPoint[] => {
    const { request, measured, fromRun } = point;
    const build = run.builds.get(request.build);
    if (!build || !measured || fromRun !== undefined || measured.latencyMs.n === 0) return [];
    const isOnWholeTable = build.request.rows === undefined && build.request.placement === undefined;
    const isAlone = request.beside === undefined && request.among === undefined;
    return isOnWholeTable && isAlone ? [{ point, build, measured }] : [];
  });
  if (timed.length === 0) {
    throw new PgvtuneError('usage', `${run.manifest.run} has no measured point of plain queries to export.`);
  }
  const samePoints = groupBy(timed, ({ point: { request }, measured }) =>
    JSON.stringify([request.build, request.settings, measured.cache.state]),
  );
  return [...samePoints.values()].map((points) =>
    points.reduce((best, point) => (point.measured.latencyMs.n >= best.measured.latencyMs.n ? point : best)),
  );
}

/** Index, settings, and what else tells the point from the others of the run. */
export const pointName = ({ build: { request }, point, measured }: PlainPoint): string =>
  [
    describeChoice({ spec: request.spec, settings: point.request.settings }),
    ...(request.repeat === 0 ? [] : [`build ${request.repeat + 1}`]),
    ...(measured.cache.state === 'warm' ? [] : [`${measured.cache.state} caches`]),
  ].join(', ');
