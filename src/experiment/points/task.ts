import type { Judgement } from '../../exact/index.js';
import { type Arm, type ArmSamples, VoidPoint } from '../../measure/index.js';
import type { QuerySet } from '../../query-set.js';
import { type BuildRecord, builtIndexes, type Measured, scannedIndexes } from '../../results/index.js';
import { scansOf } from '../../workloads/index.js';

/** The question of a point made concrete: which queries, how they are asked of the server, and what is right. */
export interface Task {
  /** The queries that can be asked, in the run's order; positions below are in this set. */
  readonly queries: QuerySet;
  /** Rows that a perfect answer to each of them holds. */
  readonly expected: Int32Array;
  /** Of each query: rows that are as good as the last of a perfect answer. */
  readonly tiesBeyondK: Int32Array;
  /** Of each query: rows that its filter leaves; absent: all are answered from the same rows. */
  readonly classSizes?: readonly number[];
  /** Builds whose indexes are visible to the planner; the point's own comes first. */
  readonly builds: readonly BuildRecord[];
  /** Unquoted names of the tables that are read. */
  readonly tables: readonly string[];
  /** The first `queries` of them as one side of a comparison. */
  arm(queries: number): Arm;
  judge(query: number, rows: readonly number[]): Judgement;
  /** Figures that only points of this workload have. */
  extraFigures(samples: ArmSamples): Partial<Measured>;
}

/** The same task without its first `skipped` queries. */
export function skipQueries(task: Task, skipped: number): Task {
  return {
    ...task,
    queries: task.queries.slice(skipped),
    expected: task.expected.subarray(skipped),
    tiesBeyondK: task.tiesBeyondK.subarray(skipped),
    ...(task.classSizes ? { classSizes: task.classSizes.slice(skipped) } : {}),
    arm(queries) {
      const arm = task.arm(skipped + queries);
      return {
        ...arm,
        parameters: (query) => arm.parameters(skipped + query),
        literals: (query) => arm.literals(skipped + query),
        checkPlan: (plan, query) => arm.checkPlan(plan, skipped + query),
      };
    },
    judge: (query, rows) => task.judge(skipped + query, rows),
  };
}

/**
 * The same task with the indexes of other builds visible, as they are where all of them exist on one table. No vector
 * index of theirs may serve it: the answers would be those of other settings.
 */
export function amongOthers(task: Task, others: readonly BuildRecord[]): Task {
  if (others.length === 0) return task;
  const names = others.flatMap(builtIndexes).map(({ name }) => name);
  const vectorIndexes = others
    .filter(({ request }) => request.columnIndex === undefined && request.text === undefined)
    .flatMap(scannedIndexes)
    .map(({ name }) => name);
  return {
    ...task,
    builds: [...task.builds, ...others],
    arm(queries) {
      const arm = task.arm(queries);
      return {
        ...arm,
        indexes: [...arm.indexes, ...names],
        checkPlan(plan, query) {
          const scan = arm.checkPlan(plan, query);
          const got = scansOf(plan, task.tables);
          const isTaken = got.some(({ indexes }) => indexes.some((index) => vectorIndexes.includes(index)));
          if (!isTaken) return scan;
          throw new VoidPoint({
            code: 'other-plan',
            data: { wanted: { kind: 'none-of', indexes: vectorIndexes }, got },
          });
        },
      };
    },
  };
}
