import { encodeInt32 } from '../../analysis/index.js';
import type { Reporter } from '../../progress.js';
import type { FusionsRecord, FusionsRequest } from '../../results/index.js';
import { hybridStrategy } from '../../workloads/index.js';
import type { ExactLegs } from '../hybrid/legs.js';
import type { HybridRun } from '../hybrid/prepare.js';
import { summariseJudged } from '../hybrid/judged.js';
import { fusionsKey } from '../keys.js';

/** The rankings that fusions make of exact legs, and how good they are by the judgements, if there are any. */
export async function rankFusions(
  request: FusionsRequest,
  run: HybridRun,
  {
    legsFor,
    reporter,
    now,
  }: {
    readonly legsFor: (settings: FusionsRequest['fusions'][number]['settings']) => Promise<ExactLegs>;
    readonly reporter: Reporter;
    readonly now: () => Date;
  },
): Promise<FusionsRecord> {
  const startedAt = now().toISOString();
  const { k } = request;
  const question = { ...run.question, k };
  const fusions: FusionsRecord['fusions'] = [];
  const allLegs: ExactLegs[] = [];
  for (const { settings } of request.fusions) allLegs.push(await legsFor(settings));
  const task = reporter.start('Comparing fusions of exact legs', 1, 'share');
  try {
    for (const [i, { strategy: name, settings }] of request.fusions.entries()) {
      const strategy = hybridStrategy(name);
      const reach = strategy.vectorReach(question, settings);
      const rankings = run.order.map((_, query) =>
        strategy.fuse(allLegs[i]!.of(query, reach), settings, k).map(({ id }) => id),
      );
      fusions.push({
        rankings: encodeInt32(rankings.flatMap((rows) => Array.from({ length: k }, (_, rank) => rows[rank] ?? -1))),
        judged: run.judgements && summariseJudged(rankings, run.judgements, k),
      });
      task.update((i + 1) / request.fusions.length);
    }
  } finally {
    task.finish();
  }
  return { type: 'fusions', key: fusionsKey(request), request, startedAt, queries: run.order.length, fusions };
}
