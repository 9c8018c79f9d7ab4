import { latencyQuantile } from '../src/analysis/estimates/latency-quantile.js';
import type { PagePoint } from '../src/reports/page/data.js';
import { intervalText } from '../src/reports/text/figures.js';
import type { Estimate } from '../src/results/index.js';

export const quantile = ({ record }: PagePoint, p: number): Estimate | null =>
  (record.measured && latencyQuantile(record.measured, p)?.estimate) ?? null;

export const recallOf = ({ record }: PagePoint): Estimate => record.measured!.recall.mean;

/** `0.42 [0.41, 0.44] ms` */
export const msText = (estimate: Estimate | null): string =>
  estimate === null ? 'too few queries' : `${intervalText(estimate)} ms`;
