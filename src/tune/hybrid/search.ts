import { canonicalJson } from '../../canonical-json.js';
import { describeSpec, indexKind, isOlder, isReranked, mostOf, recallKnob } from '../../indexes/index.js';
import {
  planInstead,
  ask,
  askTogether,
  type BuildRecord,
  type BuildRequest,
  type FusionChoice,
  type HybridAnswer,
  type HybridOption,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import {
  type HybridQuestion,
  hybridStrategies,
  hybridStrategy,
  type HybridStrategy,
  rerankDepth,
  type Side,
  vectorShortfall,
} from '../../workloads/index.js';
import { cheapestSettings, doublings, type Ladders, scanReaches } from '../shared/cheapest-settings.js';
import { medianMs, reachesRecall } from '../shared/constraints.js';
import { chooseFusions } from './choose-fusions.js';
import { concludeHybrid, isControl } from './conclude.js';
import { EXACT, type HybridSpace } from './space.js';
import { DEPTH_KNOBS } from './variants.js';

/** Queries that settings are looked for with, where the overlap is shown by so many. */
const SEARCH_QUERIES = 200;
/** What reads every row is asked a few queries only. */
const EXACT_QUERIES = 20;
/** What takes so many times the quickest is not measured beside it. */
const FINAL_RATIO = 20;
/** What misses the target at so many times the quickest's time is not looked at further. */
const HOPELESS_RATIO = 10;

/** First version of the extension that can scan on. */
const ITERATIVE_SINCE = '0.8.0';

const NO_ANSWER = 'Not one of the queries finds a row.';

/** What became of a strategy before all were measured side by side. */
export interface Explored {
  readonly question: HybridQuestion;
  readonly strategy: HybridStrategy;
  readonly option: HybridOption;
  /** Asked again, in the final comparison; null: there is nothing to compare. */
  readonly final: PointRequest | null;
  readonly medianMs: number;
}

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
  const explored: Explored[] = [];
  const tried: PointRecord[] = [];
  const [firstSpec = EXACT, ...otherSpecs] = space.specs;
  let bestMs = Infinity;
  const add = function* (asked: Asked): Search<void> {
    const found = yield* explore(space, { ...asked, build, bestMs });
    explored.push(found.explored);
    tried.push(...found.tried);
    if (found.explored.option.outcome === 'reaches') bestMs = Math.min(bestMs, found.explored.medianMs);
  };

  for (const question of space.questions) {
    const text = yield* build({ spec: EXACT, repeat: 0, text: question.text });
    if (text.status === 'failed') {
      explored.push(
        ...space.strategies.map((name) => unexplored(question, hybridStrategy(name), 'failed', text.reason)),
      );
      continue;
    }
    const chosen = yield* chooseFusions(space, { question, build: text });
    fusions.push(...chosen);
    for (const strategy of strategiesFor(space, question)) {
      const choice = chosen.find((fusion) => fusion.strategy === strategy.name);
      const limit = strategy.limit(question) ?? (choice?.answered === 0 ? NO_ANSWER : null);
      if (limit === null)
        yield* add({
          question,
          strategy,
          settings: choice?.settings ?? settingsOf(strategy, { question, spec: EXACT, settings: space.given }),
          spec: firstSpec,
        });
      else explored.push(unexplored(question, strategy, 'unsuited', limit));
    }
  }
  const leader = leaderOf(explored, tried);
  for (const spec of leader ? otherSpecs : []) {
    const { question, strategy } = leader!;
    const choice = fusions.find((fusion) => fusion.strategy === strategy.name && fusion.text === question.text)!;
    yield* add({ question, strategy, settings: choice.settings, spec });
  }

  const finals = explored.flatMap((one) => (one.final && one.medianMs <= FINAL_RATIO * bestMs ? [one.final] : []));
  const confirmed = finals.length > 0 ? yield* askTogether('point', finals) : [];
  const answer = concludeHybrid(space, { explored, fusions, finals, confirmed, searched: tried });
  return { ...answer, legs: yield* legsOfBest(answer, explored) };
}

/** The strategies to look at with one way to search the text; vectors alone have nothing to do with any but once. */
const strategiesFor = ({ strategies, questions }: HybridSpace, question: HybridQuestion): readonly HybridStrategy[] =>
  hybridStrategies.filter(
    ({ name, sides }) => strategies.includes(name) && (sides.includes('text') || question === questions[0]),
  );

interface Asked {
  readonly question: HybridQuestion;
  readonly strategy: HybridStrategy;
  /** Of the fusion. */
  readonly settings: SearchSettings;
  readonly spec: IndexSpec;
}

interface Exploration extends Asked {
  readonly build: (request: BuildRequest) => Search<BuildRecord>;
  readonly bestMs: number;
}

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

const unexplored = (
  question: HybridQuestion,
  strategy: HybridStrategy,
  outcome: HybridOption['outcome'],
  why: HybridOption['why'],
): Explored => ({
  question,
  strategy,
  option: {
    strategy: strategy.name,
    title: strategy.title,
    text: question.text,
    spec: EXACT,
    isControl: isControl(strategy),
    outcome,
    why,
    settings: {},
    builds: [],
    point: null,
    againstFirst: null,
  },
  final: null,
  medianMs: Infinity,
});

function* explore(
  space: HybridSpace,
  { question, strategy, settings, spec: offered, build, bestMs }: Exploration,
): Search<{ explored: Explored; tried: readonly PointRecord[] }> {
  const uses = strategy.indexes(question, settings);
  const spec = uses.vector === 'required' ? offered : EXACT;
  const blank = unexplored(question, strategy, 'unsuited', null);
  const option: HybridOption = {
    ...blank.option,
    title: spec.method === EXACT.method ? strategy.title : `${strategy.title} (${describeSpec(spec)})`,
    spec,
  };
  const requests: BuildRequest[] = [
    ...(spec.method === EXACT.method ? [] : [{ spec, repeat: 0 }]),
    { spec: EXACT, repeat: 0, text: question.text },
  ];
  const builds: BuildRecord[] = [];
  for (const request of requests) builds.push(yield* build(request));
  const broken = builds.find(({ status }) => status === 'failed');
  if (broken) {
    return { explored: { ...blank, option: { ...option, outcome: 'failed', why: broken.reason } }, tried: [] };
  }

  const readsAll = strategy.vectorReach(question, settings) === null;
  const isIndexed = spec.method !== EXACT.method;
  const [main = '', ...beside] = builds.map(({ key }) => key);
  const all = question.queries.size;
  const request = (own: SearchSettings): PointRequest => ({
    build: main,
    ...(beside.length > 0 ? { beside } : {}),
    workload: { kind: 'hybrid', k: space.k, text: question.text, strategy: strategy.name },
    settings: own,
    queries: Math.min(readsAll ? EXACT_QUERIES : SEARCH_QUERIES, all),
    purpose: 'search',
  });
  // Without an index of the vectors nothing is lost, and few queries do not show that; the plan does.
  const reaches = (point: PointRecord): boolean =>
    isIndexed ? reachesRecall(point, space.target.recall) : (point.measured?.recall.mean.value ?? 0) > 0.999;
  const ladders = laddersOf(space, strategy, { question, spec, settings });
  const found = yield* cheapestSettings(ladders, {
    first: ladders.start,
    isHopeless: (measured) => medianMs(measured) > HOPELESS_RATIO * bestMs,
    recall: space.target.recall,
    *ask(search) {
      const [point] = yield* askTogether('point', [request({ ...settings, ...search })]);
      return point!;
    },
    reaches,
  });
  const quoted = found.cheapest?.point ?? found.tried.findLast(({ measured }) => measured) ?? null;
  const isOtherPlan = planInstead(found.lost?.point.reason ?? null) !== null;
  const outcome = found.cheapest ? 'reaches' : isOtherPlan ? 'another plan' : quoted ? 'misses' : 'failed';
  return {
    explored: {
      ...blank,
      option: {
        ...option,
        outcome,
        why: found.cheapest ? null : (found.lost?.point.reason ?? whyMissed(quoted)),
        settings: quoted?.request.settings ?? { ...settings, ...ladders.rungs[0] },
        builds: builds.map(({ key }) => key),
        point: quoted?.key ?? null,
      },
      final: found.cheapest && {
        ...found.cheapest.point.request,
        queries: space.judged === null ? Math.min(SEARCH_QUERIES, all) : all,
        purpose: 'confirm',
        samples: space.samples,
      },
      medianMs: quoted?.measured ? medianMs(quoted.measured) : Infinity,
    },
    tried: found.tried,
  };
}

/** The settings of the index that the vector leg can give its candidates with, from cheap to dear. */
function laddersOf(
  { rows, pgvector }: HybridSpace,
  strategy: HybridStrategy,
  {
    question,
    spec,
    settings,
  }: { readonly question: HybridQuestion; readonly spec: IndexSpec; readonly settings: SearchSettings },
): Ladders {
  const kind = indexKind(spec.method);
  const knob = recallKnob(kind);
  const nothing = { rungs: [{}], reaches: [{}], start: { rung: 0, reach: 0 } };
  if (!knob) return nothing;
  // A filter behind the index throws rows away: it has to be scanned on.
  const isFilter = strategy.vectorReach(question, settings) === 0 && !isOlder(pgvector, ITERATIVE_SINCE);
  const scan: SearchSettings = isFilter ? { iterative_scan: 'relaxed_order' } : {};
  const canGive = (value: number): boolean =>
    vectorShortfall(strategy, question, spec, { ...settings, [knob.name]: value }) === null;
  // All that the graph gives are re-ranked: that costs a fraction of finding them.
  const rerank = (value: number): SearchSettings =>
    isReranked(spec) && knob.name === 'ef_search' ? { [rerankDepth.name]: value } : {};
  const most = mostOf(knob, spec.parameters);
  let least = Math.max(knob.min, 1);
  while (least < most && !canGive(least)) least++;
  const values = doublings(least, most);
  const start = values.findIndex((value) => value >= knob.default);
  return {
    rungs: values.map((value) => ({ ...scan, [knob.name]: value, ...rerank(value) })),
    reaches: isFilter && kind.knobs.some(({ name }) => name === 'max_scan_tuples') ? scanReaches(rows) : [{}],
    start: { rung: Math.max(0, start), reach: 0 },
  };
}

function whyMissed(point: PointRecord | null): string {
  if (!point?.measured) return 'It could not be measured.';
  const { recall } = point.measured;
  return `It gives ${(100 * recall.mean.value).toFixed(1)} % of the exact fusion's rows in ${medianMs(point.measured).toPrecision(3)} ms at best.`;
}

/** Each leg of the recommendation alone, as deep as it is asked. */
function* legsOfBest({ best, options }: HybridAnswer, explored: readonly Explored[]): Search<HybridAnswer['legs']> {
  const none = { vector: null, text: null };
  const chosen = best === null ? undefined : explored[best];
  const option = best === null ? undefined : options[best];
  if (!chosen?.final || !option || chosen.strategy.sides.length < 2) return none;
  const { question } = chosen;
  const { final } = chosen;
  const vectorBuild = option.spec.method === EXACT.method ? undefined : final.build;
  const textBuild = vectorBuild === undefined ? final.build : final.beside?.[0];
  const leg = (side: Side, build: string | undefined): readonly { side: Side; request: PointRequest }[] => {
    const depth = final.settings[DEPTH_KNOBS[side]];
    if (build === undefined || typeof depth !== 'number') return [];
    const alone = hybridStrategy(`${side}-only`);
    const spec = side === 'vector' ? option.spec : EXACT;
    const { beside: _, ...rest } = final;
    const workload = { kind: 'hybrid', k: depth, text: question.text, strategy: alone.name } as const;
    const settings = settingsOf(alone, { question, spec, settings: final.settings });
    return [
      { side, request: { ...rest, build, workload, settings, queries: Math.min(SEARCH_QUERIES, final.queries) } },
    ];
  };
  const legs = [...leg('vector', vectorBuild), ...leg('text', textBuild)];
  if (legs.length === 0) return none;
  const points = yield* askTogether(
    'point',
    legs.map(({ request }) => request),
  );
  const keyOf = (side: Side): string | null => points[legs.findIndex((one) => one.side === side)]?.key ?? null;
  return { vector: keyOf('vector'), text: keyOf('text') };
}

/** Of some settings, those that a strategy on such an index has. */
function settingsOf(
  strategy: HybridStrategy,
  {
    question,
    spec,
    settings,
  }: { readonly question: HybridQuestion; readonly spec: IndexSpec; readonly settings: SearchSettings },
): SearchSettings {
  const names = new Set([...strategy.knobs(question, spec), ...indexKind(spec.method).knobs].map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}
