import { estimateRate, summariseLoadLatency, summariseSchedule, whyUndelivered } from '../../src/analysis/index.js';
import { createRandom, type Random } from '../../src/random.js';
import { keyOf, type Reason, type ThroughputRecord, type ThroughputRequest } from '../../src/results/index.js';
import { arrivalTimes } from '../../src/workloads/index.js';
import { throughputFigures, throughputRecord } from './records.js';

/** A made-up server whose every connection serves one query at a time, none in the way of another. */
export interface SyntheticService {
  /** How long the next query takes on the server. */
  readonly serviceMs: (random: Random) => number;
  /** Share of the queries that the server refuses. */
  readonly refuses?: number;
  /** Why the load is void, if it is. */
  readonly voidBecause?: Reason;
}

/** Service times as those of the textbook's M/M/c queue. */
export const exponential =
  (meanMs: number) =>
  (random: Random): number =>
    -meanMs * Math.log(1 - random.next());

/** What came of a load, by the arithmetic of queues and the analysis that real loads go through. */
export function syntheticLoad(
  request: ThroughputRequest,
  { serviceMs, refuses = 0, voidBecause }: SyntheticService,
  seed = 1,
): ThroughputRecord {
  const random = createRandom(seed).fork(keyOf('throughput', request));
  const { mode } = request;
  const windowMs = mode.seconds * 1000;
  const connections = mode.kind === 'closed' ? mode.concurrency : mode.connections;
  const freeAt = Array.from({ length: connections }, () => 0);
  const requests: { due: number; started: number; ended: number; late: number }[] = [];
  const send = (due: number | null): boolean => {
    const free = Math.min(...freeAt);
    if (free >= (due === null ? windowMs : 1.1 * windowMs)) return false;
    const started = Math.max(due ?? free, free);
    const ended = started + serviceMs(random);
    freeAt[freeAt.indexOf(free)] = ended;
    requests.push({ due: due ?? started, started, ended, late: due !== null && free > due ? 1 : 0 });
    return true;
  };
  const arrivals = mode.kind === 'open' ? arrivalTimes({ ...mode, random }) : null;
  if (arrivals) arrivals.every((due) => send(due));
  else while (send(null));

  const refused = Math.round(refuses * requests.length);
  const answered = requests.slice(refused);
  const samples = {
    dueMs: answered.map(({ due }) => due),
    startedMs: answered.map(({ started }) => started),
    endedMs: answered.map(({ ended }) => ended),
    late: answered.map(({ late }) => late),
  };
  const schedule = arrivals && summariseSchedule(samples, { due: arrivals.length, refused });
  const undelivered =
    schedule && mode.kind === 'open' ? whyUndelivered(samples, { schedule, windowMs, ...mode }) : null;
  if (voidBecause !== undefined) {
    return throughputRecord({ request, schedule, status: 'void', reason: voidBecause, measured: null });
  }
  if (undelivered !== null) {
    return throughputRecord({ request, schedule, status: 'failed', reason: undelivered, measured: null });
  }
  const figures = throughputFigures({
    ratePerSecond: estimateRate(samples.endedMs, windowMs),
    latencyMs: summariseLoadLatency(samples, { queries: Infinity }),
    errors: refused > 0 ? { '57014': refused } : {},
    eventLoopUtilisation: freeAt.map(() => 0.2),
    cpu: { cores: 8, client: 0.2, server: connections * 0.9 },
  });
  return throughputRecord({ request, schedule, measured: figures });
}
