import type { Measured, PointRequest, ServedWorkload } from '../../results/index.js';

/** A way to serve a workload that reaches its target where only its own indexes exist. */
export interface Way {
  /** Position among the options of the workload's answer; null: what is recommended for plain queries. */
  readonly option: number | null;
  /** Keys of the builds whose indexes it needs. */
  readonly builds: readonly string[];
  /** As it is asked again. */
  readonly request: PointRequest;
  /** Where only its own indexes exist. */
  readonly alone: Measured;
  /** By the goal of the target, in its unit; the same for all ways of a workload. */
  readonly cost: number;
  /** Whether it has a form that no other index can take over. */
  readonly canBeProtected: boolean;
}

/** A workload that the table has to serve. */
export interface Demand {
  readonly of: ServedWorkload;
  /** At least one, the first preferred. */
  readonly ways: readonly [Way, ...Way[]];
  /** Key of the point of its best way where only its own indexes exist. */
  readonly alone: string;
}
