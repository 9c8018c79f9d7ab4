import { blockLogRatios, decodeFloat32 } from '../../analysis/index.js';
import {
  ask,
  askTogether,
  type BuildRecord,
  type Choice,
  type GateAnswer,
  type PointRecord,
  type PointRequest,
  type Search,
  type TuneAnswer,
} from '../../results/index.js';
import { canonicalJson } from '../../canonical-json.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { BLOCK_QUERIES, FIRST_PAIRS, type GateLook, type GateRules, lookAt, pairsOf } from './decide.js';

/** What the baseline recommends. */
export interface BaselineSetting {
  readonly run: string;
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
}

export interface GateOptions {
  readonly baseline: BaselineSetting;
  /** Tonight's search; its recommendation is the candidate. */
  readonly tonight: Search<TuneAnswer>;
  readonly rules: GateRules;
  /** Milliseconds of timed queries, both sides together; a look that is expected to go beyond is not begun, but for the first. */
  readonly budgetMs: number;
  readonly k: number;
  /** Queries that the run can ask. */
  readonly queries: number;
}

/**
 * Finds tonight's recommendation, then measures it and the baseline's in alternating blocks on one backend, until their
 * latencies are told apart, or shown not to be, or the time is up.
 */
export function* gate(options: GateOptions): Search<GateAnswer> {
  const { baseline, rules, budgetMs } = options;
  const tuned = yield* options.tonight;
  const base = yield* ask('build', { spec: baseline.spec, repeat: 0 });
  const choice = tuned.recommendation;
  const isSame = choice !== null && sameSetting(choice, baseline);
  const candidate = choice === null ? null : yield* ask('build', { spec: choice.spec, repeat: 0 });
  const answer = (
    rounds: readonly Round[],
    looks: readonly GateLook[],
    verdict: GateAnswer['verdict'],
  ): GateAnswer => ({
    kind: 'gate',
    baseline: { ...baseline },
    rules: { ...rules, budgetMs },
    tuned,
    verdict,
    rounds: rounds.map(([one, other]) => ({ base: one.key, candidate: other?.key ?? null })),
    looks: looks.map(({ pairs, shift }) => ({ pairs, shift })),
  });

  const pass = passOf(options.queries);
  const request = (build: BuildRecord, settings: SearchSettings, look: number): PointRequest => ({
    build: build.key,
    workload: { kind: 'plain', k: options.k },
    settings,
    queries: pass.queries,
    purpose: 'confirm',
    samples: samplesOf(look, pass),
  });
  if (base.status !== 'ok') return answer([], [], 'not measured');
  if (candidate === null || isSame) {
    const point = yield* ask('point', request(base, baseline.settings, 1));
    // Where nothing could be measured nothing is refuted.
    if (choice === null) return answer([[point, null]], [], tuned.nearest.length > 0 ? 'not reached' : 'not measured');
    return answer([[point, null]], [], point.measured ? 'same setting' : 'not measured');
  }

  const rounds: Round[] = [];
  const looks: GateLook[] = [];
  for (let look = 1; ; look++) {
    const [one, other] = (yield* askTogether('point', [
      request(base, baseline.settings, look),
      request(candidate, choice!.settings, look),
    ])) as readonly [PointRecord, PointRecord];
    rounds.push([one, other]);
    if (!one.measured || !other.measured) return answer(rounds, looks, 'not measured');
    looks.push(lookAt(blocksOf(rounds, pass), look, rules));
    const { verdict } = looks.at(-1)!;
    if (verdict !== 'undecided') return answer(rounds, looks, verdict);
    const timesMs = rounds.flatMap(latenciesOf).flatMap((latencies) => [...latencies]);
    const spentMs = timesMs.reduce((sum, ms) => sum + ms, 0);
    const nextMs = (2 * samplesOf(look + 1, pass) * spentMs) / timesMs.length;
    if (spentMs + nextMs > budgetMs) return answer(rounds, looks, 'undecided');
  }
}

/** Queries that a side answers in one go, and how many of them are a block. */
interface Pass {
  readonly queries: number;
  readonly blockSize: number;
}

/** Whole blocks, so that none has queries of two passes, and no more than the first look takes. */
function passOf(queries: number): Pass {
  const blockSize = Math.min(BLOCK_QUERIES, queries);
  return { queries: Math.min(queries - (queries % blockSize), blockSize * FIRST_PAIRS), blockSize };
}

/** Both sides of one ask; the second is null where there is nothing to compare. */
type Round = readonly [base: PointRecord, candidate: PointRecord | null];

/** Queries that a side answers for a look alone: whole passes. */
const samplesOf = (look: number, { queries, blockSize }: Pass): number =>
  queries * Math.max(1, Math.round((pairsOf(look) * blockSize) / queries));

function blocksOf(rounds: readonly Round[], { blockSize }: Pass): readonly number[] {
  return rounds.flatMap((round) => {
    const [base, candidate] = latenciesOf(round);
    return [...blockLogRatios(base!, candidate!, { blockSize })];
  });
}

const latenciesOf = (round: Round): readonly Float32Array[] =>
  round.flatMap((point) => (point?.measured ? [decodeFloat32(point.measured.samples.latencyMs)] : []));

const sameSetting = (choice: Choice, { spec, settings }: BaselineSetting): boolean =>
  canonicalJson([choice.spec, choice.settings]) === canonicalJson([spec, settings]);
