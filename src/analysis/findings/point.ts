import { findings, type Measured, type RecordedFinding } from '../../results/index.js';
import { planCacheFindings } from './plan-cache.js';

/** Above this share of the median, what is quoted as a query's latency is in good part the client's own. */
const FLOOR_SHARE = 0.1;

/** What a reader of a point's figures must know beside them. */
export function pointFindings({
  completeness,
  clientFloorMs,
  latencyMs,
  recall,
  cache,
  warmUp,
  planCache,
}: Measured): readonly RecordedFinding[] {
  const medianMs = latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value;
  return [
    ...(completeness.shortQueries > 0
      ? [
          findings.shortAnswers.of({
            share: completeness.shortQueries / recall.queries,
            meanCompleteness: completeness.mean,
          }),
        ]
      : []),
    ...(medianMs !== undefined && clientFloorMs > FLOOR_SHARE * medianMs
      ? [findings.clientFloor.of({ floorMs: clientFloorMs, medianMs })]
      : []),
    ...(recall.excluded > 0 ? [findings.emptyTruth.of({ queries: recall.excluded })] : []),
    ...(cache.state === 'partial' ? [findings.notCached.of(cache)] : []),
    ...(warmUp?.steady === false ? [findings.notSteady.of({ blocks: warmUp.blocks })] : []),
    ...(planCache ? planCacheFindings(planCache) : []),
  ];
}
