import type { History, Operation, ProblemCode } from './history.js';

/** How much of a history was understood. */
export interface Coverage {
  readonly operations: number;
  readonly understood: number;
  /** understood / operations; 1 for a history without operations. */
  readonly share: number;
  /** Operations that run under a condition which is not known. */
  readonly conditional: number;
  readonly byProblem: Readonly<Partial<Record<ProblemCode, number>>>;
  /** Types of columns that were taken for others, each with the number of operations. */
  readonly assumedTypes: readonly { readonly name: string; readonly as: string; readonly operations: number }[];
}

/** All operations of a history, of both directions. */
export const operationsOf = (history: History): readonly Operation[] =>
  history.revisions.flatMap(({ up, down }) => [...up.operations, ...(down?.operations ?? [])]);

export function coverageOf(operations: readonly Operation[]): Coverage {
  const problems = operations.flatMap(({ problem }) => (problem ? [problem.code] : []));
  const byProblem: Partial<Record<ProblemCode, number>> = {};
  for (const code of problems) byProblem[code] = (byProblem[code] ?? 0) + 1;
  const assumed = new Map<string, { name: string; as: string; operations: number }>();
  for (const { assumedTypes } of operations) {
    for (const [name, as] of Object.entries(assumedTypes)) {
      assumed.set(name, { name, as, operations: (assumed.get(name)?.operations ?? 0) + 1 });
    }
  }
  const understood = operations.length - problems.length;
  return {
    operations: operations.length,
    understood,
    share: operations.length === 0 ? 1 : understood / operations.length,
    conditional: operations.filter(({ condition }) => condition !== null && condition.kind !== 'check-first').length,
    byProblem,
    assumedTypes: [...assumed.values()],
  };
}
