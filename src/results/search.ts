import type { BuildRecord, BuildRequest, PointRecord, PointRequest } from './records.js';

/**
 * What a search may ask for. Points of one ask are measured together: interleaved in blocks on one backend, over the
 * same queries, so that they can be compared with each other.
 */
export type Ask =
  | { readonly kind: 'build'; readonly build: BuildRequest }
  | { readonly kind: 'points'; readonly points: readonly PointRequest[] }
  /** Nothing more will be asked of this build (its key): its index may go. */
  | { readonly kind: 'release'; readonly build: string };

/** What comes back, in the order asked. */
export type Reply =
  | { readonly kind: 'build'; readonly build: BuildRecord }
  | { readonly kind: 'points'; readonly points: readonly PointRecord[] }
  | { readonly kind: 'release' };

/**
 * A search is a generator that yields what it wants to know and returns its answer. It does not care who replies: a
 * server, the journal of an interrupted run, or a recorded grid. Given equal replies it must ask equal questions; that
 * is what makes a run resumable.
 */
export type Search<Answer> = Generator<Ask, Answer, Reply>;

/** Asks for one build, from inside a search. */
export function* askBuild(build: BuildRequest): Search<BuildRecord> {
  const reply = yield { kind: 'build', build };
  if (reply.kind !== 'build') throw new TypeError(`Expected a build in reply, got ${reply.kind}.`);
  return reply.build;
}

/** Asks for points to be measured side by side, from inside a search. */
export function* askPoints(points: readonly PointRequest[]): Search<readonly PointRecord[]> {
  const reply = yield { kind: 'points', points };
  if (reply.kind !== 'points') throw new TypeError(`Expected points in reply, got ${reply.kind}.`);
  return reply.points;
}

/** Says that a build is no longer needed, from inside a search. */
export function* release(build: string): Search<void> {
  yield { kind: 'release', build };
}
