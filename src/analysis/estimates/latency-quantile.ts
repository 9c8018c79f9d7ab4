import type { Quantile } from '../../results/index.js';

/** A quantile of the latency of a point or a load; undefined without figures, and when the record does not hold it. */
export const latencyQuantile = (
  measured: { readonly latencyMs: { readonly quantiles: readonly Quantile[] } } | null | undefined,
  p: number,
): Quantile | undefined => measured?.latencyMs.quantiles.find((quantile) => quantile.p === p);
