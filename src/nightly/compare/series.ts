import { canonicalJson } from '../../canonical-json.js';
import type { BuildRecord, JournalRecord, Measured, PointRecord } from '../../results/index.js';
import type { SearchSettings, Workload } from '../../vocabulary.js';

/** A point that counts, on one build of several. */
export interface SeriesPoint {
  readonly build: BuildRecord;
  readonly point: PointRecord;
  readonly measured: Measured;
}

/** The same settings on every build of a series. */
export interface Setting {
  readonly settings: SearchSettings;
  /** At least one, each of another build. */
  readonly points: readonly SeriesPoint[];
  /** Why the first of its points has no figures; null when it has. */
  readonly lost: PointRecord | null;
}

/** All that a run measured of one specification for one workload, whatever the run or a configuration called it. */
export interface Series {
  /** Equal for equal measurements in any run. */
  readonly key: string;
  readonly build: BuildRecord;
  readonly workload: Workload;
  /** By their settings, in canonical form. */
  readonly bySettings: ReadonlyMap<string, Setting>;
}

/**
 * The series of a run: points of the whole table, in the usual state of the caches, that it measured itself. Of a point
 * that was looked at twice the one that concludes counts.
 */
export function seriesOf(records: readonly JournalRecord[]): ReadonlyMap<string, Series> {
  const builds = new Map(records.flatMap((record) => (record.type === 'build' ? [[record.key, record]] : [])));
  const series = new Map<string, { build: BuildRecord; workload: Workload; points: PointRecord[] }>();
  for (const point of latest(records)) {
    const build = builds.get(point.request.build);
    if (!build || !counts(point, build)) continue;
    const key = seriesKey(build, point);
    const known = series.get(key) ?? { build, workload: point.request.workload, points: [] };
    known.points.push(point);
    series.set(key, known);
  }
  return new Map(
    [...series].map(([key, { build, workload, points }]) => [
      key,
      { key, build, workload, bySettings: settingsOf(points, builds) },
    ]),
  );
}

const latest = (records: readonly JournalRecord[]): Iterable<PointRecord> =>
  new Map(records.flatMap((record) => (record.type === 'point' ? [[record.key, record]] : []))).values();

function counts({ request, fromRun }: PointRecord, build: BuildRecord): boolean {
  const { cache = 'warm', among } = request;
  return fromRun === undefined && cache === 'warm' && among === undefined && build.request.rows === undefined;
}

function seriesKey(build: BuildRecord, { request }: PointRecord): string {
  const { repeat: _, ...spec } = build.request;
  return canonicalJson({ spec, workload: request.workload, beside: request.beside?.length ?? 0 });
}

function settingsOf(
  points: readonly PointRecord[],
  builds: ReadonlyMap<string, BuildRecord>,
): ReadonlyMap<string, Setting> {
  const bySettings = new Map<string, PointRecord[]>();
  for (const point of points) {
    const key = canonicalJson(point.request.settings);
    bySettings.set(key, [...(bySettings.get(key) ?? []), point]);
  }
  return new Map(
    [...bySettings].map(([key, of]) => {
      const best = onePerBuild(of);
      const measured = best.flatMap((point): SeriesPoint[] =>
        point.measured ? [{ build: builds.get(point.request.build)!, point, measured: point.measured }] : [],
      );
      return [
        key,
        {
          settings: of[0]!.request.settings,
          points: measured,
          lost: measured.length > 0 ? null : best[0]!,
        },
      ];
    }),
  );
}

function onePerBuild(points: readonly PointRecord[]): readonly PointRecord[] {
  const byBuild = new Map<string, PointRecord>();
  for (const point of points) {
    const other = byBuild.get(point.request.build);
    if (other === undefined || weight(point) > weight(other)) byBuild.set(point.request.build, point);
  }
  return [...byBuild.values()];
}

/** A conclusion weighs more than a look, a point with figures more than one without, and more queries more than fewer. */
const weight = ({ request, status }: PointRecord): number =>
  (status === 'ok' ? 2e9 : 0) + (request.purpose === 'confirm' ? 1e9 : 0) + request.queries;
