import { gucs, indexKind, type SearchKnob } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';

/**
 * The session settings of a filtered point, by their full names and as they read back.
 *
 * `plan_cache_mode` is pinned for all strategies alike: left to itself, PostgreSQL plans a prepared statement five times
 * with its constants and may then switch to a generic plan, in the middle of a measurement.
 *
 * @throws {PgvtuneError} `usage` for a setting that the method does not have, or a value out of range
 */
export function filteredGucs(spec: IndexSpec, settings: SearchSettings): Record<string, string> {
  const { iterative_scan: mode, ...others } = settings;
  // What has no iterative scan needs none switched off.
  const hasNone = indexKind(spec.method).knobs.every(({ name }) => name !== 'iterative_scan');
  return {
    plan_cache_mode: 'force_custom_plan',
    ...gucs(spec.method, mode === 'off' && hasNone ? others : settings),
  };
}

/** The settings of a strategy's protected form. A sort that is left makes a plan look so expensive that it would be compiled. */
export const protectionGucs = ({ protection }: { readonly protection: string | null }): Record<string, string> =>
  protection === 'enable_sort' ? { enable_sort: 'off', jit: 'off' } : {};

/** Knobs of a method, without the one that a strategy has decided already. */
export const tunable = (knobs: readonly SearchKnob[], ...decided: readonly string[]): readonly SearchKnob[] =>
  knobs.filter(({ name }) => !decided.includes(name));
