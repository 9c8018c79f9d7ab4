import type { PagePoint } from '../src/reports/page/data.js';
import type { Estimate } from '../src/results/index.js';

export const quantile = ({ record }: PagePoint, p: number): Estimate | null =>
  record.measured?.latencyMs.quantiles.find((one) => one.p === p)?.estimate ?? null;

export const recallOf = ({ record }: PagePoint): Estimate => record.measured!.recall.mean;

const digits = (value: number | null): string => (value === null ? '∞' : String(Number(value.toPrecision(3))));

/** `0.42 ms [0.41, 0.44]` */
export const msText = (estimate: Estimate | null): string =>
  estimate === null
    ? 'too few queries'
    : `${digits(estimate.value)} ms [${digits(estimate.low ?? 0)}, ${digits(estimate.high)}]`;

/** `0.9534 [0.9421, 0.9630]` */
export const recallText = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(4)} [${(low ?? 0).toFixed(4)}, ${(high ?? 1).toFixed(4)}]`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** As `pg_size_pretty` would: powers of 1024. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${digits(bytes / 1024 ** power)} ${UNITS[power]!}`;
}
