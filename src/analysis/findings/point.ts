import { type Estimate, findings, type Measured, type RecordedFinding } from '../../results/index.js';
import { latencyQuantile } from '../estimates/latency-quantile.js';
import { planCacheFindings } from './plan-cache.js';

/** Above this share of the median, what is quoted as a query's latency is in good part the client's own. */
const FLOOR_SHARE = 0.1;

/**
 * What the round trip without a search says of a median: a good part of it is no search; or, where it takes longer than
 * the queries themselves, one of the two was disturbed.
 */
export function floorFindings(times: {
  readonly floorMs: number;
  readonly medianMs: number;
}): readonly RecordedFinding[] {
  const { floorMs, medianMs } = times;
  if (floorMs > medianMs) return [findings.floorAboveMedian.of(times)];
  return floorMs > FLOOR_SHARE * medianMs ? [findings.clientFloor.of(times)] : [];
}

/** What the server's own median says of the client's, of which it is a part: where it is shown to be longer, one was disturbed. */
export function serverFindings({
  server,
  medianMs,
}: {
  readonly server: Estimate | null | undefined;
  readonly medianMs: number;
}): readonly RecordedFinding[] {
  if (!server || (server.low ?? 0) <= medianMs) return [];
  return [findings.serverAboveClient.of({ serverMs: server.value, medianMs })];
}

/** What a reader of a point's figures must know beside them. */
export function pointFindings({
  completeness,
  clientFloorMs,
  latencyMs,
  recall,
  cache,
  warmUp,
  planCache,
  serverMs,
}: Measured): readonly RecordedFinding[] {
  const medianMs = latencyQuantile({ latencyMs }, 0.5)?.estimate?.value;
  return [
    ...(completeness.shortQueries > 0
      ? [
          findings.shortAnswers.of({
            share: completeness.shortQueries / recall.queries,
            meanCompleteness: completeness.mean,
          }),
        ]
      : []),
    ...(medianMs === undefined
      ? []
      : [
          ...floorFindings({ floorMs: clientFloorMs, medianMs }),
          ...serverFindings({ server: serverMs?.explain.median, medianMs }),
        ]),
    ...(recall.excluded > 0 ? [findings.emptyTruth.of({ queries: recall.excluded })] : []),
    ...(cache.state === 'partial' ? [findings.notCached.of(cache)] : []),
    ...(warmUp?.steady === false ? [findings.notSteady.of({ blocks: warmUp.blocks })] : []),
    ...(planCache ? planCacheFindings(planCache) : []),
  ];
}
