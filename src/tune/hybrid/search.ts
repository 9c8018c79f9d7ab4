import { canonicalJson } from '../../canonical-json.js';
import type { Place } from '../../progress.js';
import {
  ask,
  askTogether,
  at,
  type BuildRecord,
  type BuildRequest,
  type FusionChoice,
  type HybridAnswer,
  type HybridObstacle,
  type PointRecord,
  type Search,
} from '../../results/index.js';
import { type HybridQuestion, hybridStrategies, hybridStrategy, type HybridStrategy } from '../../workloads/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { hasTime } from '../common/budget.js';
import { secondsToBuild } from '../common/time-to-build.js';
import { chooseFusions } from './choose-fusions.js';
import { concludeHybrid } from './conclude.js';
import { type Exploration, explore } from './explore.js';
import { type Explored, isControl, unexplored } from './explored.js';
import { legsOfBest } from './legs-of-best.js';
import { settingsOf } from './settings.js';
import { EXACT, type HybridSpace } from './space.js';

/** What takes so many times the quickest is not measured beside it. */
const FINAL_RATIO = 20;

const NO_ANSWER: HybridObstacle = { code: 'no-query-matches', data: {} };

/**
 * Finds how to serve queries of vector and text. First every fusion is set by what it makes of exact legs, which takes no
 * index of the vectors; then the least settings of the index are found that give the rows of the exact fusion; and what
 * came through is measured side by side, one leg alone beside it.
 */
export function* tuneHybrid(space: HybridSpace): Search<HybridAnswer> {
  const builds = new Map<string, BuildRecord>();
  const build = function* (request: BuildRequest): Search<BuildRecord> {
    const key = canonicalJson(request);
    const record = builds.get(key) ?? (yield* ask('build', request));
    builds.set(key, record);
    return record;
  };
  const fusions: FusionChoice[] = [];
  const textLegs: HybridAnswer['textLegs'] = [];
  const bm25: HybridAnswer['bm25'] = [];
  const explored: Explored[] = [];
  const tried: PointRecord[] = [];
  const [firstSpec = EXACT, ...otherSpecs] = space.specs;
  let bestMs = Infinity;
  const { budget } = space;
  const omitted: { strategy: string; text: string; spec: IndexSpec }[] = [];
  const cells = space.questions.reduce((sum, question) => sum + strategiesFor(space, question).length, 0);
  let number = 0;
  /** Whether there is time for a strategy on an index of the vectors. One fusion there is always. */
  const isInTime = function* (strategy: HybridStrategy, text: string, spec: IndexSpec): Search<boolean> {
    if (!budget) return true;
    const isAnswered = explored.some((one) => one.option.outcome === 'reaches' && !isControl(one.strategy));
    const request = { spec, repeat: 0 };
    const isBuilt = spec.method === EXACT.method || builds.has(canonicalJson(request));
    const seconds = isBuilt ? 0 : yield* secondsToBuild(budget, request, space.rows);
    if (isBuilt && !isAnswered) return true;
    if (budget.left() > 0 && hasTime(budget, seconds)) return true;
    omitted.push({ strategy: strategy.name, text, spec });
    return false;
  };
  const add = function* (asked: Omit<Exploration, 'build' | 'bestMs'>): Search<Explored> {
    const found = yield* explore(space, { ...asked, build, bestMs });
    explored.push(found.explored);
    tried.push(...found.tried);
    if (found.explored.option.outcome === 'reaches') bestMs = Math.min(bestMs, found.explored.medianMs);
    return found.explored;
  };

  for (const question of space.questions) {
    const text = yield* build({ spec: EXACT, repeat: 0, text: question.text });
    if (text.status === 'failed') {
      explored.push(
        ...space.strategies.map((name) => unexplored(question, hybridStrategy(name), 'failed', text.reason)),
      );
      continue;
    }
    const chosen = yield* at(placeOf(number + 1, cells, null), chooseFusions(space, { question, build: text }));
    fusions.push(...chosen.fusions);
    textLegs.push(...chosen.textLegs);
    bm25.push(...chosen.bm25);
    for (const strategy of strategiesFor(space, question)) {
      const choice = chosen.fusions.find((fusion) => fusion.strategy === strategy.name);
      const limit = strategy.limit(question) ?? (choice?.answered === 0 ? NO_ANSWER : null);
      if (limit !== null) {
        explored.push(unexplored(question, strategy, 'unsuited', limit));
        continue;
      }
      const settings = choice?.settings ?? settingsOf(strategy, { question, spec: EXACT, settings: space.given });
      const place = placeOf(++number, cells, { name: strategy.name, spec: firstSpec });
      const method = question.text.method;
      const isIndexed = yield* at(place, isInTime(strategy, method, firstSpec));
      const through = isIndexed ? yield* at(place, add({ question, strategy, settings, spec: firstSpec })) : null;
      if (through ? asksExactly(through) : firstSpec.method !== EXACT.method) {
        const exactly = add({ question, strategy, settings, spec: EXACT });
        if (yield* isInTime(strategy, method, EXACT)) yield* at(place, exactly);
      }
    }
  }
  const leader = leaderOf(explored, tried);
  for (const spec of leader ? otherSpecs : []) {
    const { question, strategy } = leader!;
    if (!(yield* isInTime(strategy, question.text.method, spec))) continue;
    const choice = fusions.find((fusion) => fusion.strategy === strategy.name && fusion.text === question.text)!;
    yield* add({ question, strategy, settings: choice.settings, spec });
  }

  if (omitted.length > 0) budget?.omit({ code: 'hybrid-strategies', data: { strategies: omitted } });
  const { minimise } = space.target;
  const mostMs = minimise === 'p95' || minimise === 'throughput' ? FINAL_RATIO * bestMs : Infinity;
  const finals = explored.flatMap((one) => (one.final && one.medianMs <= mostMs ? [one.final] : []));
  const confirmed = finals.length > 0 ? yield* at(placeOf(cells, cells, null), askTogether('point', finals)) : [];
  const byKey = new Map([...builds.values()].map((record) => [record.key, record]));
  const answer = concludeHybrid(space, {
    explored,
    fusions,
    textLegs,
    bm25,
    finals,
    confirmed,
    searched: tried,
    builds: byKey,
  });
  return { ...answer, legs: yield* legsOfBest(answer, { explored, confirmed }) };
}

/** Where the search is. */
const placeOf = (
  number: number,
  of: number,
  strategy: Extract<Place, { code: 'hybrid' }>['data']['strategy'],
): Place => ({ code: 'hybrid', data: { number: Math.min(number, of), of, strategy } });

/** The parts of a search, in order; null: something is done for all strategies. */
export const cellsOf = (space: HybridSpace): readonly (HybridStrategy | null)[] => [
  ...space.questions.flatMap((question) => [null, ...strategiesFor(space, question)]),
  null,
];

/** The strategies to look at with one way to search the text; vectors alone have nothing to do with any but once. */
const strategiesFor = ({ strategies, questions }: HybridSpace, question: HybridQuestion): readonly HybridStrategy[] =>
  hybridStrategies.filter(
    ({ name, sides }) => strategies.includes(name) && (sides.includes('text') || question === questions[0]),
  );

/**
 * Whether a strategy is to be asked without an index of the vectors as well: a scan of the table is the exact vector leg.
 * Of one leg alone always; of a fusion where the planner itself takes the scan, or where the filter leaves few rows to
 * sort.
 */
const asksExactly = ({ question, strategy, option: { spec, outcome } }: Explored): boolean =>
  spec.method !== EXACT.method && (question.filter !== null || outcome === 'another plan' || isControl(strategy));

/** The fusion through an index of the vectors that other indexes are tried with: the best judged one, else the first. */
function leaderOf(explored: readonly Explored[], tried: readonly PointRecord[]): Explored | undefined {
  const through = explored.filter(
    ({ option, strategy }) =>
      option.outcome === 'reaches' && !isControl(strategy) && option.spec.method !== EXACT.method,
  );
  const ndcgOf = ({ option }: Explored): number =>
    tried.find(({ key }) => key === option.point)?.measured?.ranking?.judged?.ndcg.value ?? 0;
  return through.toSorted((a, b) => ndcgOf(b) - ndcgOf(a))[0];
}
