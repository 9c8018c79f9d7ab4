import { type PlanRule, scansOf } from '../filtered/index.js';
import type { Side } from './question.js';
import type { IndexUse } from './strategies/strategy.js';

/**
 * Checks a plan by what the strategy says of the indexes. How the rows that both legs named are fetched, by the primary key
 * or by a scan, is left to the planner; and so is, for filtered queries, whether it begins with the filter: that depends on
 * how many rows the value of a query leaves. Which way how many of them went is in the point's plans.
 *
 * @param table its unquoted name
 * @param names of the indexes, unquoted; null when there is none, as on the exact scan
 */
export function hybridPlanRule(
  uses: Readonly<Record<Side, IndexUse>>,
  table: string,
  names: Readonly<Record<Side, string | null>>,
  { isFiltered }: { readonly isFiltered: boolean },
): PlanRule {
  const sides = (use: (use: IndexUse) => boolean): readonly string[] =>
    (['vector', 'text'] as const).flatMap((side) => (use(uses[side]) ? (names[side] ?? []) : []));
  const required = isFiltered ? [] : sides((use) => use === 'required');
  const barred = sides((use) => use === 'unusable' || use === 'hidden');
  return (plan) => {
    const got = scansOf(plan, [table]);
    const used = new Set(got.flatMap(({ indexes }) => indexes));
    const unused = required.filter((name) => !used.has(name));
    if (unused.length > 0) return { code: 'other-plan', data: { wanted: { kind: 'all-of', indexes: unused }, got } };
    const wrong = barred.filter((name) => used.has(name));
    return wrong.length > 0 ? { code: 'other-plan', data: { wanted: { kind: 'none-of', indexes: wrong }, got } } : null;
  };
}
