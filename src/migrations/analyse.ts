import { runChecks } from '../findings.js';
import { type HistoryFinding, historyChecks } from './checks/registry.js';
import { sightOf, type Sight } from './checks/snapshot.js';
import { type Coverage, coverageOf, operationsOf } from './coverage.js';
import { graphOf, type RevisionGraph } from './graph.js';
import type { FileProblem, Format, History, ProblemCode, Revision } from './history.js';

/** What is known of a history. */
export interface HistoryAnalysis {
  readonly format: Format;
  /** In an order in which they can run. */
  readonly revisions: readonly RevisionSummary[];
  readonly graph: Omit<RevisionGraph, 'order'>;
  readonly coverage: Coverage;
  /** Most severe first. */
  readonly findings: readonly HistoryFinding[];
  /** Operations that were not understood. */
  readonly notUnderstood: readonly NotUnderstood[];
  readonly fileProblems: readonly FileProblem[];
  /** `lock_timeout` that Alembic's env.py sets, as written; null without one. */
  readonly lockTimeout: string | null;
  /** Revisions by month, oldest first; empty where no revision has a date. */
  readonly growth: readonly MonthlyGrowth[];
}

export interface RevisionSummary {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly title: string | null;
  readonly createdOn: string | null;
  readonly file: string;
  readonly operations: number;
  readonly hasWayBack: boolean;
}

export interface NotUnderstood extends Sight {
  readonly direction: 'up' | 'down';
  readonly code: ProblemCode;
  readonly detail: string;
}

export interface MonthlyGrowth {
  /** `2024-03` */
  readonly month: string;
  readonly revisions: number;
  readonly operations: number;
}

/** Looks at a history as a whole. Pure. */
export function analyseHistory(history: History): HistoryAnalysis {
  const { order, ...graph } = graphOf(history.revisions);
  const coverage = coverageOf(operationsOf(history));
  const { findings } = runChecks(historyChecks, { history, graph: { order, ...graph }, coverage });
  return {
    format: history.format,
    revisions: order.map(summaryOf),
    graph,
    coverage,
    findings,
    notUnderstood: order.flatMap(notUnderstoodIn),
    fileProblems: history.problems,
    lockTimeout: history.lockTimeout,
    growth: growthOf(order),
  };
}

const summaryOf = ({ id, parents, dependsOn, title, createdOn, file, up, down }: Revision): RevisionSummary => ({
  id,
  parents,
  dependsOn,
  title,
  createdOn,
  file,
  operations: up.operations.length,
  hasWayBack: down !== null,
});

const notUnderstoodIn = (revision: Revision): readonly NotUnderstood[] =>
  (['up', 'down'] as const).flatMap((direction) =>
    (revision[direction]?.operations ?? []).flatMap((operation) =>
      operation.problem ? [{ ...sightOf(revision, operation), direction, ...operation.problem }] : [],
    ),
  );

function growthOf(revisions: readonly Revision[]): readonly MonthlyGrowth[] {
  const months = new Map<string, MonthlyGrowth>();
  for (const { createdOn, up } of revisions) {
    if (createdOn === null) continue;
    const month = createdOn.slice(0, 7);
    const before = months.get(month) ?? { month, revisions: 0, operations: 0 };
    months.set(month, { month, revisions: before.revisions + 1, operations: before.operations + up.operations.length });
  }
  return [...months.values()].toSorted((a, b) => (a.month < b.month ? -1 : 1));
}
