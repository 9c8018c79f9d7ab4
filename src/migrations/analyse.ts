import { runChecks } from '../findings.js';
import { type HistoryFinding, historyChecks } from './checks/registry.js';
import { sightOf, type Sight } from './sight.js';
import { type Coverage, coverageOf, operationsOf } from './coverage.js';
import { graphOf, includedIn, type RevisionGraph } from './graph.js';
import type { Deployment } from './deployment.js';
import { collectHazards } from './hazards/collect-hazards.js';
import type { Hazard } from './hazards/hazard.js';
import { replayHistory } from './replay/replay.js';
import { type VectorFinding, vectorFindings } from './vectors/vector-findings.js';
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
  /** What goes wrong with vectors; most severe first. */
  readonly vectors: readonly VectorFinding[];
  /** Of the revisions after `since`; null when it was not asked for. */
  readonly hazards: readonly Hazard[] | null;
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

export interface AnalysisOptions {
  /** The newest revision that is deployed: the hazards of all that do not precede it are looked for. */
  readonly since?: string;
  /** The database to deploy to. */
  readonly deployment?: Deployment;
}

/**
 * Looks at a history as a whole. Pure.
 *
 * @throws {PgvtuneError} `usage` when `since` is no revision
 */
export function analyseHistory(history: History, { since, deployment = {} }: AnalysisOptions = {}): HistoryAnalysis {
  const { order, ...graph } = graphOf(history.revisions);
  const coverage = coverageOf(operationsOf(history));
  const replay = replayHistory(order);
  const { findings } = runChecks(historyChecks, { history, graph: { order, ...graph }, coverage, replay });
  return {
    format: history.format,
    revisions: order.map(summaryOf),
    graph,
    coverage,
    findings,
    vectors: vectorFindings(order, history.format, deployment),
    hazards:
      since === undefined
        ? null
        : collectHazards(order, {
            isPending: isAfter(order, since, '--since'),
            hasLockTimeout: history.lockTimeout !== null,
            deployment,
          }),
    notUnderstood: order.flatMap(notUnderstoodIn),
    fileProblems: history.problems,
    lockTimeout: history.lockTimeout,
    growth: growthOf(order),
  };
}

function isAfter(order: readonly Revision[], since: string, flag: string): (revision: Revision) => boolean {
  const deployed = since === 'base' ? new Set<string>() : includedIn(order, since, flag);
  return ({ id }) => !deployed.has(id);
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
