import { latencyQuantile, estimateQuantiles } from '../../analysis/index.js';
import {
  ask,
  type SustainedRate,
  type Search,
  type ThroughputRecord,
  type ThroughputRequest,
} from '../../results/index.js';
import type { Objective } from '../../vocabulary.js';

/** What a load says about an objective. Only what holds with confidence holds. */
export type Judgement = 'held' | 'missed' | 'inconclusive' | 'void';

/**
 * Whether latency under a load held an objective: the whole interval of the quantile must lie within the bound. A rate
 * that could not be delivered misses every bound. A query that failed counts as one that took for ever: more of them
 * than the quantile leaves out miss the bound, and with fewer it cannot be shown, because the others are another quantile.
 */
export function judgeLoad({ status, measured }: ThroughputRecord, { quantile, ms }: Objective): Judgement {
  if (status === 'void') return 'void';
  if (!measured) return 'missed';
  const failed = Object.values(measured.errors).reduce((sum, times) => sum + times, 0);
  if (failed > (1 - quantile) * (failed + measured.latencyMs.n)) return 'missed';
  if (failed > 0) return 'inconclusive';
  const estimate = latencyQuantile(measured, quantile)?.estimate;
  if (!estimate) return 'inconclusive';
  if ((estimate.high ?? Infinity) <= ms) return 'held';
  return (estimate.low ?? 0) > ms ? 'missed' : 'inconclusive';
}

export interface RateOptions {
  readonly objective: Objective;
  /** The open loop to ask for. */
  readonly request: (ratePerSecond: number, seconds: number) => ThroughputRequest;
  /** Length of a window, unless the rate is too low to tell the quantile in that time. */
  readonly seconds: number;
}

/** What was found out about rates. */
export type RateAnswer = Pick<SustainedRate, 'verdict' | 'record' | 'next' | 'refuted'>;

interface Probe {
  readonly rate: number;
  readonly record: ThroughputRecord;
  readonly judgement: Judgement;
  /** Length of the windows that it took. */
  readonly seconds: number;
}

/** A window that could not decide is followed once by one that is so many times longer, or as long as the first says. */
const LONGER = 4;
/** A window holds so many times the queries that the quantile needs at least. */
const AMPLE = 2;

/** Asks whether one rate holds the objective. */
export function* checkRate(options: RateOptions, ratePerSecond: number): Search<RateAnswer> {
  const { judgement, record } = yield* look(options, ratePerSecond);
  return { verdict: judgement, record: record.key, next: null, refuted: judgement === 'missed' ? record.key : null };
}

/** Between two rates that lie closer together than this nothing is looked for. */
const RESOLUTION = 1.06;
/** Steps in which a rate that holds and one that does not are looked for. */
const STEP = 1.5;
/** Windows are not longer than this, and rates so low that they would have to be are not looked for. */
const PATIENCE_SECONDS = 60;
const MAX_PROBES = 25;
/** All windows together: what is not found by then is reported as undecided. */
const BUDGET_SECONDS = 300;
/** A step down has helped when the quantile fell by this share. After two that did not, none below will. */
const HELPS = 0.1;
const MOST_IN_VAIN = 2;

/**
 * The highest rate that holds an objective. Latency grows with the rate; so the rates are bracketed in steps and then
 * bisected, until the bracket is narrower than 6 %. A rate that stays inconclusive after a longer window counts as one
 * that does not hold. The search for a rate that holds ends where latency no longer falls with the rate (it is then that
 * of a query that has the server for itself, or the machine's noise), and in any case after five minutes of load.
 *
 * @param first rate to try first: the nearer to the answer, the fewer windows are needed
 */
export function* highestRate(options: RateOptions, first: number): Search<RateAnswer> {
  const { quantile } = options.objective;
  const probes: Probe[] = [];
  let held: Probe | undefined;
  /** The lowest rate that does not hold. */
  let next: Probe | undefined;
  let inVain = 0;
  let rate = rounded(first);
  do {
    const probe = yield* look(options, rate);
    if (!held && next) inVain = falls(next, probe, quantile) ? 0 : inVain + 1;
    probes.push(probe);
    if (probe.judgement === 'void') break;
    if (probe.judgement === 'held') held = probe;
    else next = probe;
    if (held ? next && next.rate <= held.rate * RESOLUTION : inVain === MOST_IN_VAIN) break;
    if (held && next) rate = rounded(Math.sqrt(held.rate * next.rate));
    else rate = rounded(held ? rate * STEP : rate / STEP);
  } while (
    probes.length < MAX_PROBES &&
    probes.reduce((sum, { seconds }) => sum + seconds, secondsNeeded(quantile, rate)) <= BUDGET_SECONDS &&
    (held || secondsNeeded(quantile, rate) <= PATIENCE_SECONDS)
  );
  return toAnswer(probes, held, next);
}

function toAnswer(probes: readonly Probe[], held: Probe | undefined, next: Probe | undefined): RateAnswer {
  const last = probes.at(-1)!;
  const lowest = probes.filter(({ judgement }) => judgement === 'missed').toSorted((a, b) => a.rate - b.rate)[0];
  const refuted = lowest?.record.key ?? null;
  if (held && last.judgement !== 'void') {
    return { verdict: 'held', record: held.record.key, next: next?.record.key ?? null, refuted };
  }
  // What is undecided at one rate may hold at a lower one; the highest of them says most.
  const undecided = probes.find(
    ({ rate, judgement }) => judgement === 'inconclusive' && !(lowest && rate > lowest.rate),
  );
  const said = last.judgement === 'void' ? last : (undecided ?? last);
  return { verdict: said.judgement, record: said.record.key, next: null, refuted };
}

/** Whether the quantile fell with the rate. Of a rate that was not delivered it is without bound. */
function falls(higher: Probe, lower: Probe, quantile: number): boolean {
  const [before, after] = [higher, lower].map(
    ({ record }) => latencyQuantile(record.measured, quantile)?.estimate?.value ?? Infinity,
  );
  return before === Infinity || after! < before! * (1 - HELPS);
}

function* look(options: RateOptions, rate: number): Search<Probe> {
  const seconds = secondsToSee(options.objective.quantile, rate, options.seconds);
  const record = yield* ask('throughput', options.request(rate, seconds));
  const judgement = judgeLoad(record, options.objective);
  if (judgement !== 'inconclusive') return { rate, record, judgement, seconds };
  const needs = latencyQuantile(record.measured, options.objective.quantile)?.needs ?? 0;
  const enough = Math.max(seconds * LONGER, Math.ceil((AMPLE * needs) / rate));
  const longerSeconds = Math.min(PATIENCE_SECONDS, enough);
  if (longerSeconds <= seconds) return { rate, record, judgement, seconds };
  const longer = yield* ask('throughput', options.request(rate, longerSeconds));
  return {
    rate,
    record: longer,
    judgement: judgeLoad(longer, options.objective),
    seconds: seconds + longerSeconds,
  };
}

/** Length of a window in which a quantile can be told at a rate: `atLeast`, or as much longer as patience allows. */
export const secondsToSee = (quantile: number, rate: number, atLeast: number): number =>
  Math.max(atLeast, Math.min(PATIENCE_SECONDS, secondsNeeded(quantile, rate)));

function secondsNeeded(quantile: number, rate: number): number {
  const [estimate] = estimateQuantiles([], [quantile]);
  return Math.ceil((AMPLE * (estimate?.needs ?? 0)) / rate);
}

/** Three digits: more are noise, and a rate is easier to say without them. */
const rounded = (rate: number): number => Number(rate.toPrecision(3));
