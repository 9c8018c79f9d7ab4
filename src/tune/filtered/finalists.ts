import type { BuildRecord, CostComparison, FilterOption, PointRecord, RecordedFinding } from '../../results/index.js';
import { filteredStrategy } from '../../workloads/index.js';
import { compareCosts } from '../plain/compare-costs.js';
import { predictedTableBytes, type Size } from '../plain/prior.js';
import { pickBest, type TieBreak } from '../plain/recommend.js';
import type { Candidate } from '../common/constraints.js';
import { buildsOfOption, together } from '../common/rank.js';
import type { FilteredSpace } from './space.js';

/** An option that reaches the target, as it was measured side by side with the others of its filter. */
export interface Finalist extends Candidate {
  readonly option: FilterOption;
  /** Position among the options of the filter. */
  readonly position: number;
}

/** Null for what is no basis of a choice: what misses the target, and what was not measured side by side. */
export function finalistOf(
  option: FilterOption,
  position: number,
  { point, builds }: { readonly point: PointRecord | undefined; readonly builds: ReadonlyMap<string, BuildRecord> },
): Finalist | null {
  if (!point?.measured || point.request.purpose !== 'confirm' || option.outcome !== 'reaches') return null;
  const own = buildsOfOption(option, point, builds);
  return own.length === 0 ? null : { option, position, build: together(own), point, measured: point.measured };
}

/** The figures of the finalists of a filter. */
export interface Ranked {
  readonly best: Finalist | null;
  /** Others that are not shown to cost more, cheapest first. */
  readonly rivals: readonly Finalist[];
  /** Those of them that are not shown to cost the same, either. */
  readonly undecided: readonly Finalist[];
  /** By so much more a rival had to cost to be shown to; 0 where nothing disturbed the comparison. */
  readonly loadMargin: number;
}

/**
 * Work of others takes processors and caches from one arm more than from another, although both have it beside them. Blocks
 * do not tell by how much: this is an allowance, not an estimate.
 */
const LOAD_MARGIN = 0.5;

type Vectors = Pick<Size, 'dimensions' | 'metric'>;

/** Ranks by the goal, as plain candidates are: by paired blocks, equals by what they take beside. */
export function rankFinalists(space: FilteredSpace, finalists: readonly Finalist[], vectors: Vectors): Ranked {
  const goal = space.target.minimise;
  const loadMargin = finalists.some(({ point }) => point.findings.some(isLoad)) ? LOAD_MARGIN : 0;
  const isShown = ({ verdict, low }: CostComparison): boolean => verdict === 'more' && low > 1 + loadMargin;
  const ranked = pickBest(finalists, goal, tieBreak(space, vectors));
  const against = (best: Finalist): Ranked => {
    const others = ranked.filter((one) => one !== best);
    const compared = compareCosts(others, best, goal);
    return {
      best,
      rivals: others.filter((_, i) => !isShown(compared[i]!)),
      undecided: others.filter((_, i) => !isShown(compared[i]!) && compared[i]!.verdict !== 'equivalent'),
      loadMargin,
    };
  };
  const [first] = ranked;
  if (!first) return { best: null, rivals: [], undecided: [], loadMargin: 0 };
  const found = against(first);
  const modest = found.rivals.reduce((a, b) => (burdenOf(b) < burdenOf(a) ? b : a), first);
  return modest === first ? found : against(modest);
}

/** What copies more has to be shown to be cheaper than what copies less: the whole table more than some columns. */
const COPY_BURDEN = { table: 2, columns: 1 };

const tieBreak = ({ rows }: FilteredSpace, vectors: Vectors): TieBreak<Finalist> => ({
  tableBytes: predictedTableBytes({ rows, ...vectors }),
  isDefault: () => false,
});

function burdenOf({ option }: Finalist): number {
  const { copies } = filteredStrategy(option.strategy);
  return copies === undefined ? 0 : COPY_BURDEN[copies];
}

const LOADS: readonly RecordedFinding['code'][] = [
  'autovacuum',
  'busy-machine',
  'canary-moved',
  'checkpoint',
  'cpu-frequency',
  'cpu-steal',
  'other-sessions',
  'swapping',
  'vacuum',
];
const isLoad = ({ code }: RecordedFinding): boolean => LOADS.includes(code);
