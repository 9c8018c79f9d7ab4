import type { BuildRecord, BuildRequest } from './records/build.js';
import type { FusionsRecord, FusionsRequest } from './records/fusions.js';
import type { PlannerMapRecord, PlannerMapRequest } from './records/planner-map.js';
import type { PointRecord, PointRequest } from './records/point.js';
import type { ThroughputRecord, ThroughputRequest } from './records/throughput.js';
import type { WritesRecord, WritesRequest } from './records/writes.js';

/**
 * What a search may ask for. Points of one ask are measured together: interleaved in blocks on one backend, over the
 * same queries, so that they can be compared with each other.
 */
export type Ask =
  | ({ readonly kind: 'build'; readonly build: BuildRequest } & FromWhere)
  | ({ readonly kind: 'points'; readonly points: readonly PointRequest[] } & FromWhere)
  /** Only of a build whose rivals on the same table were released: sessions cannot hide indexes from each other. */
  | { readonly kind: 'throughput'; readonly throughput: ThroughputRequest }
  | { readonly kind: 'planner-map'; readonly map: PlannerMapRequest }
  /** Of a text index that stands. */
  | { readonly kind: 'fusions'; readonly fusions: FusionsRequest }
  /** After all points of the tables: what is inserted is rolled back, but changes them. */
  | { readonly kind: 'writes'; readonly writes: WritesRequest }
  /** Nothing more will be asked of this build (its key): its index may go. */
  | { readonly kind: 'release'; readonly build: string };

interface FromWhere {
  /** An earlier run's record will do: it chooses what to look at next, and nothing is concluded from it. */
  readonly orEarlier?: true;
}

/** What comes back, in the order asked. */
export type Reply =
  | { readonly kind: 'build'; readonly build: BuildRecord }
  | { readonly kind: 'points'; readonly points: readonly PointRecord[] }
  | { readonly kind: 'throughput'; readonly throughput: ThroughputRecord }
  | { readonly kind: 'planner-map'; readonly map: PlannerMapRecord }
  | { readonly kind: 'fusions'; readonly fusions: FusionsRecord }
  | { readonly kind: 'writes'; readonly writes: WritesRecord }
  | { readonly kind: 'release' };

/**
 * A search is a generator that yields what it wants to know and returns its answer. It does not care who replies: a
 * server, the journal of an interrupted run, or a recorded grid. Given equal replies it must ask equal questions; that
 * is what makes a run resumable.
 */
export type Search<Answer> = Generator<Ask, Answer, Reply>;

/** Asks for one build, from inside a search. */
export function* askBuild(build: BuildRequest, from: FromWhere = {}): Search<BuildRecord> {
  const reply = yield { kind: 'build', build, ...from };
  if (reply.kind !== 'build') throw new TypeError(`Expected a build in reply, got ${reply.kind}.`);
  return reply.build;
}

/** Asks for points to be measured side by side, from inside a search. */
export function* askPoints(points: readonly PointRequest[], from: FromWhere = {}): Search<readonly PointRecord[]> {
  const reply = yield { kind: 'points', points, ...from };
  if (reply.kind !== 'points') throw new TypeError(`Expected points in reply, got ${reply.kind}.`);
  return reply.points;
}

/** Asks for one load on a build, from inside a search. */
export function* askThroughput(throughput: ThroughputRequest): Search<ThroughputRecord> {
  const reply = yield { kind: 'throughput', throughput };
  if (reply.kind !== 'throughput') throw new TypeError(`Expected a throughput in reply, got ${reply.kind}.`);
  return reply.throughput;
}

/** Asks where the planner leaves the index of a build, from inside a search. */
export function* askPlannerMap(map: PlannerMapRequest): Search<PlannerMapRecord> {
  const reply = yield { kind: 'planner-map', map };
  if (reply.kind !== 'planner-map') throw new TypeError(`Expected a planner map in reply, got ${reply.kind}.`);
  return reply.map;
}

/** Asks which rankings fusions make of exact legs, from inside a search. */
export function* askFusions(fusions: FusionsRequest): Search<FusionsRecord> {
  const reply = yield { kind: 'fusions', fusions };
  if (reply.kind !== 'fusions') throw new TypeError(`Expected fusions in reply, got ${reply.kind}.`);
  return reply.fusions;
}

/** Asks what a build adds to an INSERT, from inside a search. */
export function* askWrites(writes: WritesRequest): Search<WritesRecord> {
  const reply = yield { kind: 'writes', writes };
  if (reply.kind !== 'writes') throw new TypeError(`Expected writes in reply, got ${reply.kind}.`);
  return reply.writes;
}

/** Says that a build is no longer needed, from inside a search. */
export function* release(build: string): Search<void> {
  yield { kind: 'release', build };
}
