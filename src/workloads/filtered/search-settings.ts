import { gucs, type NumberKnob, type SearchKnob } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { PgvtuneError } from '../../errors.js';

/** Iterative HNSW scans stop when they have used so much of it (times `scan_mem_multiplier`). Kilobytes. */
export const workMem: NumberKnob = {
  kind: 'number',
  name: 'work_mem',
  guc: 'work_mem',
  since: '0.8.0',
  min: 64,
  max: 2_147_483_647,
  default: 4096,
  integer: true,
  monotone: false,
  meaning: 'memory of a query, kB; an iterative HNSW scan ends at scan_mem_multiplier times this',
};

/**
 * The session settings of a filtered point, by their full names and as they read back.
 *
 * `plan_cache_mode` is pinned for all strategies alike: left to itself, PostgreSQL plans a prepared statement five times
 * with its constants and may then switch to a generic plan, in the middle of a measurement.
 *
 * @throws {PgvtuneError} `usage` for a setting that the method does not have, or a value out of range
 */
export function filteredGucs(spec: IndexSpec, settings: SearchSettings): Record<string, string> {
  const { work_mem: memory, ...search } = settings;
  return {
    plan_cache_mode: 'force_custom_plan',
    ...gucs(spec.method, search),
    ...(memory === undefined ? {} : { work_mem: memoryText(memory) }),
  };
}

/** The settings of a strategy's protected form. A sort that is left makes a plan look so expensive that it would be compiled. */
export const protectionGucs = ({ protection }: { readonly protection: string | null }): Record<string, string> =>
  protection === 'enable_sort' ? { enable_sort: 'off', jit: 'off' } : {};

/** Kilobytes as PostgreSQL shows them: in the largest unit that divides them. */
function memoryText(kilobytes: number | string): string {
  if (
    typeof kilobytes !== 'number' ||
    !Number.isInteger(kilobytes) ||
    kilobytes < workMem.min ||
    kilobytes > workMem.max
  ) {
    throw new PgvtuneError(
      'usage',
      `Expected work_mem to be a whole number of kB from ${workMem.min}, got "${kilobytes}".`,
      {
        hint: `Leave it out for the server's own value.`,
      },
    );
  }
  const units = ['kB', 'MB', 'GB', 'TB'];
  let [amount, unit] = [kilobytes, 0];
  while (amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${units[unit]}`;
}

/** Knobs of a method, without the one that a strategy has decided already. */
export const tunable = (knobs: readonly SearchKnob[], ...decided: readonly string[]): readonly SearchKnob[] =>
  knobs.filter(({ name }) => !decided.includes(name));
