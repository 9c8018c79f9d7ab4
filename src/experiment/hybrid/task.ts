import { estimateQuality, rankBiasedOverlap } from '../../analysis/index.js';
import { shortHash } from '../../canonical-json.js';
import { type Judgement, tieLimit } from '../../exact/index.js';
import { type ArmSamples, VoidPoint } from '../../measure/index.js';
import { walkPlan, type Workspace } from '../../postgres/index.js';
import type { BuildRecord, Measured, PointRequest } from '../../results/index.js';
import type { IndexSpec, Metric, Workload } from '../../vocabulary.js';
import { hybridGucs, hybridPlanRule, hybridQuery, hybridStrategy, ITEMS, type Scored } from '../../workloads/index.js';
import { armOf } from '../points/arm.js';
import { type ExactLegs, hybridPlace } from './legs.js';
import type { PreparedHybrid } from './prepare.js';
import { summariseJudged } from './judged.js';
import { sizesOfClasses } from '../points/explained.js';
import { servedBy } from '../points/served-by.js';
import type { Task } from '../points/task.js';

const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/** Ranks that the overlap's weight reaches down to: with 0.9 the first 10 have 86 % of it. */
const PERSISTENCE = 0.9;
/** Scores are sums of single-precision distances and ranks: rows this close, relative to the k-th, cannot be told apart. */
const TOLERANCE = 1e-6;

export interface HybridRequest extends Pick<PointRequest, 'settings' | 'queries' | 'from'> {
  readonly workload: Extract<Workload, { kind: 'hybrid' }>;
}

/**
 * The k best rows for vector and text, fused as the workload names. What is right is the same fusion of both legs' exact
 * answers, cut off at the same depths: what an index of the vectors loses shows, and nothing else.
 */
export function hybridTask(
  { workspace }: { readonly workspace: Workspace },
  run: PreparedHybrid,
  {
    request,
    builds,
    legs,
  }: {
    readonly request: HybridRequest;
    readonly builds: readonly [BuildRecord, ...BuildRecord[]];
    readonly legs: ExactLegs;
  },
): Task {
  const { workload, settings } = request;
  const { k } = workload;
  const strategy = hybridStrategy(workload.strategy);
  const question = { ...run.question, k };
  const matching = question.filter?.matching;
  const text = builds.find((build) => build.request.text !== undefined);
  const vector = builds.find(
    ({ request: { text: isText, columnIndex } }) => isText === undefined && columnIndex === undefined,
  );
  const ofFilter = builds.flatMap(({ request: { columnIndex }, index }) => (columnIndex && index ? [index.name] : []));
  const spec = vector?.request.spec ?? EXACT;
  const isProtected = workload.protected ?? false;
  const place = hybridPlace(workspace, spec, text?.index?.name ?? null, { isProtected });
  const uses = strategy.indexes(question, settings);
  const names = { vector: vector?.index?.name ?? null, text: text?.index?.name ?? null };
  const inSight = (['vector', 'text'] as const).flatMap((side) => (uses[side] === 'hidden' ? [] : (names[side] ?? [])));
  const rule = hybridPlanRule(uses, ITEMS, names, { isFiltered: question.filter !== null });

  const reach = strategy.vectorReach(question, settings);
  // Of a strategy that reads every row, an answer is the work of a table scan.
  const asked = (request.from ?? 0) + request.queries;
  const fuseAll = (query: number): Fused => {
    const exact = legs.of(query, reach);
    return {
      ranking: strategy.fuse(exact, settings, Infinity),
      distanceOf: (id) => -(exact.vector.scoreOf(id) ?? NaN),
      errorOf: (id) => legs.errorOf(query, id),
    };
  };
  const tiesOf = (fused: Fused): readonly number[] => rowsBeyond(fused, k, question.metric);
  const exact = run.question.texts.slice(0, asked).map((_, query) => {
    const fused = fuseAll(query);
    // Texts tie by thousands: which rows do is computed again where one of them may have come.
    return { best: fused.ranking.slice(0, k), ties: tiesOf(fused).length };
  });

  return {
    queries: question.queries,
    expected: Int32Array.from(exact, ({ best }) => best.length),
    tiesBeyondK: Int32Array.from(exact, ({ ties }) => ties),
    ...(matching ? { classSizes: sizesOfClasses(matching) } : {}),
    builds,
    tables: [ITEMS],
    arm: (queries) => ({
      key: shortHash(request),
      ...armOf(hybridQuery(strategy, { question, place, settings }), queries),
      settings: hybridGucs(strategy, question, spec, settings, { isProtected }),
      indexes: [...inSight, ...ofFilter],
      checkPlan(plan, query) {
        const otherPlan = rule(plan, query);
        if (otherPlan) throw new VoidPoint(otherPlan);
        const scan = [...walkPlan(plan)].find(({ relation }) => relation === ITEMS);
        if (!scan) throw new VoidPoint({ code: 'table-not-read', data: { tables: [ITEMS] } });
        return scan;
      },
    }),
    judge(query, rows): Judgement {
      const { best, ties } = exact[query]!;
      const right = new Set(best.map(({ id }) => id));
      const returned = new Set(rows);
      const others = [...returned].filter((row) => !right.has(row));
      const tied = others.length > 0 && ties > 0 ? new Set(tiesOf(fuseAll(query))) : null;
      const strictHits = returned.size - others.length;
      return {
        hits: Math.min(strictHits + others.filter((row) => tied?.has(row)).length, best.length),
        strictHits,
        returned: returned.size,
        distanceRatio: null,
      };
    },
    extraFigures: ({ returned, explained }: ArmSamples): Partial<Measured> => ({
      ranking: {
        rbo: estimateQuality(
          returned.map((rows, query) =>
            rankBiasedOverlap(
              rows,
              exact[query]!.best.map(({ id }) => id),
              PERSISTENCE,
            ),
          ),
        ),
        judged: run.judgements && summariseJudged(returned, run.judgements.slice(0, returned.length), k),
        plans: servedBy(explained, [ITEMS]),
      },
    }),
  };
}

/** The exact fusion of a query, and the distance of any row from it. */
interface Fused {
  readonly ranking: readonly Scored[];
  readonly distanceOf: (id: number) => number;
  /** How far the server's may be from it. */
  readonly errorOf: (id: number) => number;
}

/** Rows after the k-th that score as high. Where the score is the distance itself, as those of plain queries tie. */
function rowsBeyond({ ranking, distanceOf, errorOf }: Fused, k: number, metric: Metric): readonly number[] {
  const last = ranking[k - 1];
  if (!last) return [];
  const distance = distanceOf(last.id);
  const isDistance = last.score === -distance;
  const limit = isDistance
    ? -tieLimit(distance, metric, errorOf(last.id))
    : last.score - TOLERANCE * Math.abs(last.score);
  return ranking.slice(k).flatMap(({ id, score }) => (score + (isDistance ? errorOf(id) : 0) >= limit ? [id] : []));
}
