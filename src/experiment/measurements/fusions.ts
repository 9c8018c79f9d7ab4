import { encodeInt32 } from '../../analysis/index.js';
import { type FusionsRecord, type FusionsRequest, keyOf } from '../../results/index.js';
import { hybridStrategy, rerankByScores } from '../../workloads/index.js';
import type { PreparedHybrid } from '../hybrid/prepare.js';
import type { ExactLegs } from '../hybrid/legs.js';
import { describeTextLeg } from '../hybrid/text-leg.js';
import { summariseJudged } from '../hybrid/judged.js';
import { hybridOf } from '../points/task-of.js';
import type { Bench } from './handler.js';

/** The rankings that fusions make of exact legs, and how good they are by the judgements, if there are any. */
export async function measureFusions(bench: Bench, request: FusionsRequest): Promise<FusionsRecord> {
  const { indexes, legsOf, reporter } = bench;
  const { index } = await indexes.require(request.build);
  const run = hybridOf(bench, request);
  const startedAt = bench.now().toISOString();
  const { k } = request;
  const question = { ...run.question, k };
  const fusions: FusionsRecord['fusions'] = [];
  const allLegs: ExactLegs[] = [];
  for (const { settings } of request.fusions) {
    allLegs.push(await legsOf(run, { settings, textIndex: index?.name ?? null, score: request.textScore }));
  }
  const textOnly = request.fusions.findIndex(({ strategy }) => strategy === 'text-only');
  const textLeg =
    request.describesText && textOnly >= 0 ? await describeTextLeg(bench, run, allLegs[textOnly]!) : undefined;
  const task = reporter.start({ code: 'compare-fusions', data: {} }, 1, 'share');
  try {
    for (const [i, { strategy: name, settings }] of request.fusions.entries()) {
      const strategy = hybridStrategy(name);
      const reach = strategy.vectorReach(question, settings);
      const rankings = run.question.texts.map((_, query) =>
        strategy.fuse(allLegs[i]!.of(query, reach), settings, k).map(({ id }) => id),
      );
      fusions.push({
        rankings: encodeInt32(rankings.flatMap((rows) => Array.from({ length: k }, (_, rank) => rows[rank] ?? -1))),
        judged: run.judgements && summariseJudged(rankings, run.judgements, k),
        ...(request.rerankTo === undefined ? {} : { reranked: rerank(run, rankings, request.rerankTo) }),
      });
      task.update((i + 1) / request.fusions.length);
    }
  } finally {
    task.finish();
  }
  return {
    type: 'fusions',
    key: keyOf('fusions', request),
    request,
    startedAt,
    queries: run.question.queries.size,
    ...(textLeg ? { textLeg } : {}),
    fusions,
  };
}

/** What a re-ranker makes of candidates. */
function rerank(
  { rerankScores, judgements }: PreparedHybrid,
  candidates: readonly (readonly number[])[],
  k: number,
): NonNullable<FusionsRecord['fusions'][number]['reranked']> {
  const scoresOf = (query: number): ReadonlyMap<number, number> => rerankScores?.[query] ?? new Map();
  const rankings = candidates.map((rows, query) => rerankByScores(rows, scoresOf(query)));
  const all = candidates.reduce((sum, rows) => sum + rows.length, 0);
  const scored = candidates.reduce(
    (sum, rows, query) => sum + rows.filter((row) => scoresOf(query).has(row)).length,
    0,
  );
  return { judged: judgements && summariseJudged(rankings, judgements, k), scored: scored / Math.max(1, all) };
}
