import { PgvtuneError } from './errors.js';
import type { Objective } from './vocabulary.js';

/*
 * Quantities are plain numbers whose name ends in their unit (`p95Ms`, `indexBytes`, `rows`).
 * Text becomes a quantity, and a quantity text, only here.
 */

const DURATION_MS: Record<string, number> = { us: 0.001, µs: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
/** PostgreSQL's own units: powers of 1024, as in `SHOW maintenance_work_mem` and `pg_size_pretty`. */
const BYTES: Record<string, number> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };
const ROWS: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

function parse(text: string, units: Record<string, number>, what: string): number {
  const match = /^\s*(\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?)\s*([a-zA-Zµ]*)\s*$/.exec(text);
  const suffix = match?.[2] ?? '';
  const unit = units[suffix] ?? units[Object.keys(units).find((u) => u.toLowerCase() === suffix.toLowerCase()) ?? '?'];
  if (!match || unit === undefined) {
    const known = Object.keys(units).filter(Boolean).join(', ');
    throw new PgvtuneError('usage', `Expected ${what} such as ${example(units)}, got "${text}".`, {
      hint: `Write a number and one of ${known}.`,
    });
  }
  return Number(match[1]) * unit;
}

function example(units: Record<string, number>): string {
  if (units === DURATION_MS) return '"20ms"';
  if (units === BUDGET_MS) return '"10min"';
  return units === BYTES ? '"512MB"' : '"5M"';
}

/** `"20ms"` → 20; units us, ms, s, min, h. @throws {PgvtuneError} `usage` */
export const parseMs = (text: string): number => parse(text, DURATION_MS, 'a duration');

/** What somebody waits for is no matter of milliseconds, so that `m` says minutes. */
const BUDGET_MS: Record<string, number> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `"10min"`, `"10m"` → 600,000; units s, m, min, h. @throws {PgvtuneError} `usage`, also for none at all */
export function parseBudget(text: string): number {
  const ms = parse(text, BUDGET_MS, 'a time');
  if (ms > 0) return ms;
  throw new PgvtuneError('usage', `Expected a time above zero, got "${text}".`);
}

/** `"512MB"` → 536,870,912; units B, kB, MB, GB, TB are powers of 1024 as in PostgreSQL. @throws {PgvtuneError} `usage` */
export const parseBytes = (text: string): number => parse(text, BYTES, 'a size');

/** `"5M"`, `"5e6"` → 5,000,000; suffixes k, M, G are powers of 1000. @throws {PgvtuneError} `usage` */
export const parseRows = (text: string): number => Math.round(parse(text, ROWS, 'a number of rows'));

const OBJECTIVE = /^\s*p(50|90|95|99|99\.9)\s*<=?\s*(\S+)\s*$/;

/** `"p99<=50ms"` → quantile 0.99, 50 ms; quantiles p50, p90, p95, p99 and p99.9. @throws {PgvtuneError} `usage` */
export function parseObjective(text: string): Objective {
  const [, percent, duration] = OBJECTIVE.exec(text) ?? [];
  if (percent === undefined || duration === undefined) {
    throw new PgvtuneError('usage', `Expected a bound on latency such as "p99<=50ms", got "${text}".`, {
      hint: 'Name one of p50, p90, p95, p99 and p99.9, then <= and a duration.',
    });
  }
  return { quantile: Number(`${percent}e-2`), ms: parseMs(duration) };
}

/** `p99 ≤ 50 ms` */
export const formatObjective = ({ quantile, ms }: Objective): string =>
  `p${Number((quantile * 100).toPrecision(12))} ≤ ${formatMs(ms)}`;

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  return value >= 10 ** (digits - 1) ? value.toFixed(0) : Number(value.toPrecision(digits)).toString();
}

/** Three significant digits in the unit a person would choose: `0.42 ms`, `1.25 s`, `3.4 min`. */
export function formatMs(ms: number, digits = 3): string {
  if (Number(significant(ms, digits)) < 1000) return `${significant(ms, digits)} ms`;
  if (ms < 120_000) return `${significant(ms / 1000, digits)} s`;
  return ms < 7_200_000 ? `${significant(ms / 60_000, digits)} min` : `${significant(ms / 3_600_000, digits)} h`;
}

/** Seconds with their interval: `41 min [8.2 min, 3.4 h]`. */
export const formatSpan = ({ value, low, high }: { value: number; low: number; high: number }): string => {
  const [middle, least, most] = [value, low, high].map((seconds) => formatMs(1000 * seconds, 2));
  return `${middle} [${least}, ${most}]`;
};

/** As `pg_size_pretty` would: powers of 1024, three significant digits. */
export function formatBytes(bytes: number, digits = 3): string {
  const unit = (['TB', 'GB', 'MB', 'kB'] as const).find((u) => bytes >= (BYTES[u] ?? 1)) ?? 'B';
  return `${significant(bytes / (BYTES[unit] ?? 1), digits)} ${unit}`;
}

/** Two quantities of which one exceeds the other, with as many digits as it takes to see that. */
export function formatApart(
  format: (value: number, digits: number) => string,
  a: number,
  b: number,
): readonly [string, string] {
  let digits = 3;
  while (digits < 15 && format(a, digits) === format(b, digits)) digits++;
  return [format(a, digits), format(b, digits)];
}

/** So many decimals: `0.950`. */
export const formatFixed = (value: number, decimals: number): string => value.toFixed(decimals);

/** The lower end of a recall that counts: rounded down, so that what falls short of a target is never printed as it. */
export const formatLow = (recall: number): string => (Math.floor(1e4 * recall) / 1e4).toFixed(4);

/** Digits in groups of three: `32,074`. */
export const formatCount = (count: number): string => COUNT.format(Math.round(count));
const COUNT = new Intl.NumberFormat('en-US');

/** What something is beside another: `1.08` → `8 % more than X`, `0.97` → `3 % less than X`, `1.004` → `about as much as X`. */
export function formatComparison(ratio: number, other: string): string {
  const percent = Math.round(100 * (ratio - 1));
  if (percent === 0) return `about as much as ${other}`;
  return percent > 0 ? `${formatCount(percent)} % more than ${other}` : `${-percent} % less than ${other}`;
}

/** By how much something is above another, two digits: `1.123` → `12 %`. */
export const formatExcess = (ratio: number): string => formatDifference(ratio - 1);

/** By how much something is below another, two digits: `0.877` → `12 %`. */
export const formatReduction = (ratio: number): string => formatDifference(1 - ratio);

/** A smaller share is no figure that anybody needs. */
const SLIGHT = 1e-4;

const formatDifference = (share: number): string =>
  share > 0 && share < SLIGHT ? 'less than 0.01 %' : `${Number((100 * share).toPrecision(2))} %`;

/** A share of one as per cent, with the digits that `decimals` asks for: `0.9534` → `95.3 %`. */
export const formatPercent = (share: number, decimals = 1): string => `${(share * 100).toFixed(decimals)} %`;
