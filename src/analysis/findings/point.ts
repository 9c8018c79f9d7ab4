import type { Finding, Measured } from '../../results/index.js';
import { formatMs, formatPercent } from '../../units.js';
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
  cacheState,
  warmUp,
  planCache,
}: Measured): readonly Finding[] {
  const findings: Finding[] = [];
  const warn = (code: string, text: string): void => void findings.push({ code, severity: 'warning', text });
  if (completeness.shortQueries > 0) {
    const share = formatPercent(completeness.shortQueries / recall.queries);
    warn(
      'short-answers',
      `${share} of the queries returned fewer rows than exist; on average ${formatPercent(completeness.mean)} came.`,
    );
  }
  const median = latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value;
  if (median !== undefined && clientFloorMs > FLOOR_SHARE * median) {
    warn(
      'client-floor',
      `${formatMs(clientFloorMs)} of the median of ${formatMs(median)} pass without any search (round trip and client).`,
    );
  }
  if (recall.excluded > 0)
    warn(
      'empty-truth',
      `${recall.excluded} ${recall.excluded === 1 ? 'query has' : 'queries have'} no exact answer and ${recall.excluded === 1 ? 'is' : 'are'} in no figure.`,
    );
  if (cacheState === 'partial') warn('not-cached', `The caches were not in the state that was asked for: ${cache}.`);
  if (warmUp?.steady === false) {
    warn('not-steady', `Latencies still had a trend after ${warmUp.blocks} blocks of warm-up.`);
  }
  return planCache ? [...findings, ...planCacheFindings(planCache)] : findings;
}
