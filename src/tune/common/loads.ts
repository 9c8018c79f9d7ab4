import {
  ask,
  type SustainedRate,
  type LoadMode,
  type PointRequest,
  type Search,
  type ThroughputRecord,
  type ThroughputRequest,
} from '../../results/index.js';
import { hasFallen } from '../../analysis/index.js';
import type { Objective } from '../../vocabulary.js';
import { checkRate, highestRate, judgeLoad, type RateOptions, secondsToSee } from './highest-rate.js';

/** What load to put on an index. */
export interface LoadPlan {
  /** Connections, for one closed loop each. */
  readonly concurrency: readonly number[];
  /** Connections of an open loop. */
  readonly connections: number;
  /** Seconds of a window, at least. */
  readonly seconds: number;
  /** How the queries of an open loop come. */
  readonly arrivals: 'poisson' | 'constant';
  /** Rate of an open loop; null: none is asked for. */
  readonly ratePerSecond: number | null;
  /** With a rate: does it hold this? Without: which is the highest rate that does? */
  readonly objective: Objective | null;
}

/** A closed loop at this share of its rate may well be served with short queues: where the search for a rate begins. */
const LIKELY_SHARE = 0.7;

/**
 * Puts the planned loads on the index of a point, with the point's queries and settings. The other indexes on its table must have
 * been released.
 *
 * @returns what was found out about the objective; null when there is none
 */
export function* applyLoads(point: PointRequest, plan: LoadPlan): Search<SustainedRate | null> {
  const { build, workload, settings, queries, from } = point;
  const request = (mode: LoadMode): ThroughputRequest => ({
    build,
    workload,
    settings,
    queries,
    ...(from === undefined ? {} : { from }),
    mode,
  });
  const closed = (concurrency: number, repeat?: number): LoadMode => ({
    kind: 'closed',
    concurrency,
    seconds: plan.seconds,
    ...(repeat === undefined ? {} : { repeat }),
  });
  const open = (ratePerSecond: number, seconds: number): LoadMode => ({
    kind: 'open',
    arrivals: plan.arrivals,
    ratePerSecond,
    connections: plan.connections,
    seconds,
  });

  yield* closedLoops(plan.concurrency, (clients, repeat) => request(closed(clients, repeat)));
  const { ratePerSecond: rate, objective } = plan;
  if (objective === null) {
    if (rate !== null) yield* ask('throughput', request(open(rate, secondsToSee(0.99, rate, plan.seconds))));
    return null;
  }
  const options: RateOptions = {
    objective,
    seconds: plan.seconds,
    request: (ratePerSecond, seconds) => request(open(ratePerSecond, seconds)),
  };
  if (rate !== null) return { build, settings, objective, ...(yield* checkRate(options, rate)) };
  // Nobody is served faster than a client that is alone: what it misses is missed at every rate.
  const alone = yield* ask('throughput', request(closed(1)));
  const verdict = judgeLoad(alone, objective);
  if (verdict === 'missed' || verdict === 'void') {
    const refuted = verdict === 'missed' ? alone.key : null;
    return { build, settings, objective, verdict, record: alone.key, next: null, refuted };
  }
  const most = yield* ask('throughput', request(closed(plan.connections)));
  if (!most.measured) {
    const verdict = most.status === 'void' ? 'void' : 'missed';
    return { build, settings, objective, verdict, record: most.key, next: null };
  }
  const first = LIKELY_SHARE * most.measured.ratePerSecond.value;
  return { build, settings, objective, ...(yield* highestRate(options, first)) };
}

/**
 * One closed loop a number of clients. Where more clients are answered less often although there are processors for all of
 * them, something else was at work: both loads are measured once more.
 */
function* closedLoops(
  concurrency: readonly number[],
  request: (clients: number, repeat?: number) => ThroughputRequest,
): Search<void> {
  let fewer: { readonly clients: number; readonly record: ThroughputRecord } | undefined;
  for (const clients of concurrency) {
    const record = yield* ask('throughput', request(clients));
    if (fewer && fewer.clients < clients && hasFallen(fewer.record, record, clients)) {
      for (const count of [fewer.clients, clients]) yield* ask('throughput', request(count, 1));
    }
    fewer = { clients, record };
  }
}
