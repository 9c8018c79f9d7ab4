import type { GateAnswer, JournalRecord, Measured, RunFiles } from '../../results/index.js';
import { canonicalJson } from '../../canonical-json.js';
import { type Answer, together } from '../answer.js';
import { compareFigures, type FigureComparison, type Interest } from '../compare/figures.js';
import { type Change, changesBetween } from '../compare/likeness.js';
import { type SeriesPoint, seriesOf } from '../compare/series.js';
import { type Cause, likelyCauses } from './causes.js';

/** What a night comes to. */
export interface GateJudgement {
  readonly baseline: string;
  readonly tonight: string;
  /** What changed between the nights. */
  readonly changes: readonly Change[];
  /** The baseline's setting as it was measured then and tonight. */
  readonly thenAndNow: readonly FigureComparison[];
  readonly latency: Pick<GateAnswer, 'verdict' | 'looks' | 'rules'>;
  /** What moved from the baseline's setting to tonight's, and points to why it is slower. */
  readonly causes: readonly Cause[];
  /** The same for the baseline's setting, tonight against then. */
  readonly causesSince: readonly Cause[];
  /** `bad`: something is shown to be worse. */
  readonly verdict: 'good' | 'bad' | 'undecided';
}

/** Strictly where noise is no excuse, by the blocks where it is. */
export function judgeGate(
  baseline: RunFiles,
  tonight: RunFiles,
  answer: GateAnswer,
  interest: Interest,
): GateJudgement {
  const base = pointsOf(baseline.records, answer.baseline);
  const now = pointsOf(tonight.records, answer.baseline);
  // Other data have other queries and neighbours.
  const isSameData = baseline.manifest.dataset.hash === tonight.manifest.dataset.hash;
  const thenAndNow =
    isSameData && base.length > 0 && now.length > 0 ? compareFigures({ base, candidate: now }, interest) : [];
  const decisive = thenAndNow.filter(({ decides }) => decides);
  const isWorse = decisive.some(({ answer: one, isWorse: worse }) => one === 'different' && worse);
  const isBad = isWorse || BAD.includes(answer.verdict);
  const answers: readonly Answer[] = decisive.map((figure) => (figure.answer === 'unknown' ? 'unknown' : 'same'));
  const isKnown = together(answers) === 'same' && KNOWN.includes(answer.verdict);
  return {
    baseline: baseline.manifest.run,
    tonight: tonight.manifest.run,
    changes: changesBetween(baseline.manifest, tonight.manifest),
    thenAndNow,
    latency: { verdict: answer.verdict, looks: answer.looks, rules: answer.rules },
    causes: causesOf(tonight.records, answer),
    causesSince: base[0] && now[0] ? likelyCauses(base[0].measured, now[0].measured) : [],
    verdict: isBad ? 'bad' : isKnown ? 'good' : 'undecided',
  };
}

/** What could not be measured is not shown to be worse. */
const BAD: readonly GateAnswer['verdict'][] = ['slower', 'not reached'];
const KNOWN: readonly GateAnswer['verdict'][] = ['not slower', 'same setting'];

/** Every build of a setting of a run. */
function pointsOf(
  records: readonly JournalRecord[],
  { spec, settings }: GateAnswer['baseline'],
): readonly SeriesPoint[] {
  for (const { build, workload, bySettings } of seriesOf(records).values()) {
    if (workload.kind !== 'plain' || build.request.placement || !equal(build.request.spec, spec)) continue;
    return bySettings.get(canonicalJson(settings))?.points ?? [];
  }
  return [];
}

const equal = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

function causesOf(records: readonly JournalRecord[], { rounds }: GateAnswer): readonly Cause[] {
  const last = rounds.at(-1);
  const measured = (key: string | null | undefined): Measured | null =>
    records.flatMap((record) => (record.type === 'point' && record.key === key ? [record.measured] : [])).at(-1) ??
    null;
  const [base, candidate] = [measured(last?.base), measured(last?.candidate)];
  return base && candidate ? likelyCauses(base, candidate) : [];
}
