import type { CostAhead, Place } from '../progress.js';
import type { KindName, RecordOf, RequestOf } from './records/kinds.js';

/**
 * Requests of one kind that are measured together: points, for example, are interleaved in blocks on one backend, over the
 * same queries, so that they can be compared with each other.
 */
export interface MeasurementAsk<K extends KindName = KindName> {
  readonly kind: K;
  readonly requests: readonly RequestOf<K>[];
  /** Records of an earlier run will do: they choose what to look at next, and nothing is concluded from them. */
  readonly orEarlier?: true;
  /** Where the search is; it changes no answer. */
  readonly at?: Place;
  /** Seconds that the run is expected to go on for, this question included. */
  readonly expectedSeconds?: number;
  /** What the search will cost from here on, to be said before this is measured. */
  readonly ahead?: CostAhead;
}

/** Nothing more will be asked of this build (its key): its index may be dropped. */
export interface ReleaseAsk {
  readonly kind: 'release';
  readonly build: string;
}

/** What a search may ask for. */
export type Ask = { [K in KindName]: MeasurementAsk<K> }[KindName] | ReleaseAsk;

/** One record for each request, in the order asked; none for a release. */
export type Reply = readonly RecordOf<KindName>[];

/**
 * A search is a generator that yields what it wants to know and returns its answer. It does not care who replies: a
 * server, the journal of an interrupted run, or a recorded grid. Given equal replies it must ask equal questions; that
 * is what makes a run resumable.
 */
export type Search<Answer> = Generator<Ask, Answer, Reply>;

type FromWhere = Pick<MeasurementAsk, 'orEarlier'>;

/** Asks for one measurement, from inside a search. */
export function* ask<K extends KindName>(kind: K, request: RequestOf<K>, from: FromWhere = {}): Search<RecordOf<K>> {
  const [record] = yield* askTogether(kind, [request], from);
  if (!record) throw new TypeError(`Expected a record of kind ${kind} in reply, got none.`);
  return record;
}

/** Asks for measurements that are to be compared with each other, from inside a search. */
export function* askTogether<K extends KindName>(
  kind: K,
  requests: readonly RequestOf<K>[],
  from: FromWhere = {},
): Search<readonly RecordOf<K>[]> {
  if (requests.length === 0) return [];
  const reply = yield { kind, requests, ...from } as Ask;
  const other = reply.find(({ type }) => type !== kind);
  if (other || reply.length !== requests.length) {
    throw new TypeError(
      `Expected ${requests.length} records of kind ${kind} in reply, got ${reply.length} of ${other?.type ?? kind}.`,
    );
  }
  return reply as readonly RecordOf<K>[];
}

/** The same search; whoever replies is told where it is. An inner search that says so itself is believed. */
export function* at<Answer>(place: Place, search: Search<Answer>): Search<Answer> {
  let step = search.next();
  while (!step.done) {
    const asked = step.value;
    step = search.next(yield asked.kind === 'release' || asked.at ? asked : { ...asked, at: place });
  }
  return step.value;
}

/** Says that a build is no longer needed, from inside a search. */
export function* release(build: string): Search<void> {
  yield { kind: 'release', build };
}
