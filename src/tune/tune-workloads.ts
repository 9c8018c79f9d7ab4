import { ask, at, type Configuration, type Omission, type Search, type TuneAnswer } from '../results/index.js';
import type { IndexSpec, Target } from '../vocabulary.js';
import { type Begun, vectorIndexLimit } from '../workloads/index.js';
import { configure, filteredDemands, hybridDemand, plainDemand } from './configuration/index.js';
import { buildsOfBest, type FilteredSpace, tuneFiltered } from './filtered/index.js';
import { type HybridSpace, tuneHybrid } from './hybrid/index.js';
import { agendaOf } from './outlook/agenda.js';
import { costAhead, seeRate } from './outlook/cost-ahead.js';
import { withOutlook } from './outlook/expect.js';
import { predictedTableBytes } from './plain/prior.js';
import type { Space } from './plain/space.js';
import { tune } from './plain/tune.js';
import { type Budget, hasTime, openBudget } from './common/budget.js';
import { type Heard, nothingHeard, remember } from './common/remember.js';

/** What is to be tuned; each part has its own search. */
export interface Workloads {
  readonly target: Target;
  /** Null: the configuration has no plain workload. */
  readonly plain: Space | null;
  readonly filtered: readonly FilteredSpace[];
  readonly hybrid: readonly HybridSpace[];
  /** Seconds that the whole run may take; null: as long as it does. */
  readonly budgetSeconds: number | null;
  /** What came before the search; absent: nothing that counts. */
  readonly begun?: Begun | undefined;
}

/**
 * Tunes one workload after the other. Plain queries come first: only an index alone on its table can be put under load. The
 * index that they get is the first that filters are tried on, so that one may serve all.
 *
 * Where the time is bounded, each workload has its share of what the ones before it left.
 */
export function* tuneWorkloads(workloads: Workloads): Search<TuneAnswer> {
  const { budgetSeconds, begun } = workloads;
  const heard = nothingHeard(begun?.spentSeconds);
  return yield* withOutlook(tuneAll(workloads, heard), agendaOf(workloads, heard), {
    heard,
    budgetSeconds,
    costAhead: (seconds) => costAhead(workloads, heard, seconds),
  });
}

function* tuneAll(workloads: Workloads, heard: Heard): Search<TuneAnswer> {
  const { target, plain, filtered, hybrid, budgetSeconds, begun } = workloads;
  yield* seeRate(workloads, heard);
  const omissions: Omission[] = [...(begun?.omissions ?? [])];
  const whole =
    budgetSeconds === null ? undefined : openBudget(budgetSeconds, { heard, rows: rowsOf(workloads), omissions });
  let waiting = (plain ? 1 : 0) + filtered.length + hybrid.length;
  const share = (): Budget | undefined => whole?.part(1 / (waiting-- + CONFIGURATION));
  const answer = plain
    ? yield* remember(
        tune({ ...plain, budget: share() }, { measureWrites: filtered.length + hybrid.length === 0 }),
        heard,
      )
    : notAsked(target);
  const filteredAnswers = [];
  for (const space of filtered) {
    const specs = withFirst(answer.recommendation?.spec, space.specs);
    filteredAnswers.push(yield* remember(tuneFiltered({ ...space, specs, budget: share() }), heard));
  }
  const hybridAnswers = [];
  for (const space of hybrid) {
    hybridAnswers.push(yield* remember(tuneHybrid({ ...space, budget: share() }), heard));
  }
  const all = {
    ...answer,
    ...(filtered.length > 0 ? { filtered: filteredAnswers } : {}),
    ...(hybrid.length > 0 ? { hybrid: hybridAnswers } : {}),
  };
  const configuration = yield* remember(
    at({ code: 'configuration', data: {} }, configureAll(all, workloads, { heard, budget: whole })),
    heard,
  );
  // Last of all: rows that are inserted leave dead rows, even if they are rolled back.
  const ofFilters = new Set(filteredAnswers.flatMap(({ filters }) => filters.flatMap(buildsOfBest)));
  if (hasTime(whole, WRITES_SECONDS)) {
    for (const build of ofFilters) yield* remember(ask('writes', { build }), heard);
  } else if (ofFilters.size > 0) {
    omissions.push({ code: 'writes', data: { seconds: WRITES_SECONDS, leftSeconds: whole?.left() ?? 0 } });
  }
  return {
    ...all,
    ...(configuration ? { configuration } : {}),
    ...(budgetSeconds === null
      ? {}
      : { budget: { seconds: budgetSeconds, spentSeconds: heard.spentSeconds, omissions } }),
  };
}

/** Of a share: what measuring all workloads together takes. */
const CONFIGURATION = 0.1;
const WRITES_SECONDS = 10;

const rowsOf = ({ plain, filtered, hybrid }: Workloads): number =>
  plain?.rows ?? filtered[0]?.rows ?? hybrid[0]?.rows ?? 0;

/** One recommendation for all workloads; null where there is but one. */
function* configureAll(
  answer: TuneAnswer,
  workloads: Workloads,
  { heard, budget }: { readonly heard: Heard; readonly budget: Budget | undefined },
): Search<Configuration | null> {
  const { points, builds } = heard;
  const { filtered: spaces, hybrid: hybridSpaces } = workloads;
  const ground = { points, builds, target: answer.target };
  const plain = plainDemand(answer, ground);
  const demands = [
    ...plain,
    ...(answer.filtered ?? []).flatMap((found, number) => filteredDemands(found, number, spaces[number]!, ground)),
    ...(answer.hybrid ?? []).flatMap((found, number) => hybridDemand(found, number, hybridSpaces[number]!, ground)),
  ];
  if (demands.length < 2) return null;
  if (budget?.left() === 0) {
    budget.omit({ code: 'configuration', data: {} });
    return null;
  }
  return yield* configure(
    demands,
    plain.flatMap(({ ways }) => ways[0].builds),
    builds,
    { target: answer.target, tableBytes: tableBytesOf(workloads) },
  );
}

/** Of the table without its indexes. */
function tableBytesOf({ plain, filtered, hybrid }: Workloads): number {
  const [space] = filtered;
  if (plain) return predictedTableBytes(plain);
  const question = space?.cases[0]?.question ?? hybrid[0]?.questions[0];
  const rows = space?.rows ?? hybrid[0]?.rows ?? 0;
  return question ? predictedTableBytes({ rows, dimensions: question.queries.dimensions, metric: question.metric }) : 0;
}

/** The index that plain queries get in the place of the one of its method, before all others. */
const withFirst = (first: IndexSpec | undefined, specs: readonly IndexSpec[]): readonly IndexSpec[] =>
  first === undefined || vectorIndexLimit(first) !== null
    ? specs
    : [first, ...specs.filter(({ method }) => method !== first.method)];

const notAsked = (target: Target): TuneAnswer => ({
  kind: 'tune',
  verdict: 'not asked',
  target,
  recommendation: null,
  runnerUp: null,
  because: [{ code: 'no-plain-workload', data: {} }],
  rejected: [],
  baselines: [],
  front: [],
  nearest: [],
});
