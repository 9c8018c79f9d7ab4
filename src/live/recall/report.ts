import type { RecallSummary } from '../../analysis/index.js';
import type { Settings } from '../../postgres/index.js';
import type { VectorIndex } from '../catalog/vector-indexes.js';
import type { Conditions, Estimate, RecallFinding, Measured, PlanCache } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import type { Group, PickedGroups } from './groups.js';
import type { Shown } from './judge.js';
import type { LiveQueries } from './queries.js';
import type { LiveQuestion } from './question.js';
import type { NaturalPlan } from './run.js';

/** Recall, completeness and latency of the existing index on a live table, with the evidence. */
export interface LiveRecall {
  readonly server: { readonly version: string; readonly pgvector: string; readonly standby: boolean };
  readonly table: {
    readonly name: string;
    readonly column: string;
    readonly type: string;
    /** The planner's count; null when it was never analysed. */
    readonly rows: number | null;
    readonly bytes: number;
    /** Without TOAST. */
    readonly heapBytes: number;
    /** Whether it has row-level security, and whether that filters what this role sees. */
    readonly rowSecurity: { readonly enabled: boolean; readonly active: boolean };
    /** Share of dead rows, by the server's statistics. */
    readonly deadShare: number;
  };
  readonly asked: {
    readonly k: number;
    readonly where: string | null;
    /** What the index's side ran under: what was set, read back, and the index's other search settings. */
    readonly settings: Settings;
    readonly queries: 'rows of the table' | 'log';
    /** With groups: without the group's condition. Null when there is no index to ask. */
    readonly sql: string | null;
    readonly exactSql: string | null;
    readonly exactOf: LiveQuestion['exactOf'] | null;
    readonly metric: Metric | null;
  };
  /** Every index on the vectors. */
  readonly indexes: readonly LiveIndex[];
  /** The natural plan; null when there is no index to ask. */
  readonly plan: LivePlanEvidence | null;
  /** Null where the plan is the same for every LIMIT, and with groups. */
  readonly limit: LiveLimit | null;
  /** What was expected of the exact side, before it began; null when nothing was executed. */
  readonly cost: LiveCost | null;
  /** What went on while the index was timed, as far as the role may see it; null when nothing was. */
  readonly conditions: Conditions | null;
  /** Null when the natural plan uses no index on the vectors, when the times are void, and with groups. */
  readonly measured: LiveMeasured | null;
  /** Null when no setting was swept, or nothing was measured. */
  readonly sweep: LiveSweep | null;
  /** Null when the rows were not grouped. */
  readonly by: LiveGroups | null;
  /** With groups: of the worst one. */
  readonly findings: readonly RecallFinding[];
  /** `reached`, `not reached` and `inconclusive` only where a recall was to be shown: by every group, by a value of the sweep. */
  readonly verdict: 'measured' | Shown | 'no index used' | 'too expensive' | 'void';
}

/** The largest LIMIT that the planner serves by an index on the vectors. */
export interface LiveLimit {
  readonly last: number;
  /** What the queries have. */
  readonly asked: number;
  /** The plan for one row more. */
  readonly beyond: string;
}

export interface LiveCost {
  readonly exactScans: number;
  /** What one scan without a condition reads, TOAST included. */
  readonly tableBytes: number;
  /** Milliseconds of all scans, on one connection. */
  readonly expectedMs: number;
}

/** Recall at every value of a setting. */
export interface LiveSweep {
  readonly setting: string;
  readonly values: readonly number[];
  /** Over all queries; with groups, over the groups. In the order of the values. */
  readonly means: readonly Estimate[];
  /** Without groups; with groups they have steps of their own. */
  readonly steps: readonly LiveSweepStep[];
  /** The lowest value from which on the mean reaches the target; null: none, or there is no target. */
  readonly lowest: number | null;
  /** The lowest value from which on every group reaches it; null also without groups. */
  readonly lowestForEvery: number | null;
}

export interface LiveSweepStep {
  readonly value: number;
  readonly plan: LivePlanEvidence;
  readonly measured: LiveMeasured;
}

/** The rows of each value by themselves. */
export interface LiveGroups {
  /** As it was asked for. */
  readonly by: string;
  /** Tables that are joined on the way to the value. */
  readonly through: readonly string[];
  /** Groups that could be measured, and those of fewer than two vectors. */
  readonly found: number;
  readonly skipped: number;
  /** Null: all groups were measured. */
  readonly strata: PickedGroups['strata'];
  /** Mean over the queries of all groups; where the groups are a sample, over all groups that could have been drawn. */
  readonly mean: { readonly over: 'queries' | 'groups'; readonly n: number; readonly recall: Estimate };
  /** Worst first. */
  readonly groups: readonly LiveGroup[];
}

export interface LiveGroup extends Omit<Group, 'condition'> {
  /** The condition that its queries have. */
  readonly where: string;
  readonly sql: string;
  readonly plan: LivePlanEvidence;
  readonly measured: LiveMeasured;
  readonly steps: readonly LiveSweepStep[];
  /** Null without a target. */
  readonly verdict: Shown | null;
}

export type LiveIndex = Omit<VectorIndex, 'table' | 'qualifiedOperator' | 'operandType'>;

export interface LivePlanEvidence extends NaturalPlan {
  /** How many times it was looked at, always with this result. */
  readonly checks: number;
  /** Null when nothing was executed. */
  readonly cache: PlanCache | null;
}

export interface LiveMeasured {
  readonly recall: RecallSummary;
  /** Share of the queries that reach the target by themselves; null without a target. */
  readonly shareReached: Estimate | null;
  readonly completeness: Measured['completeness'];
  /** Most rows that one query got, its own row among them. */
  readonly mostReturned: number;
  /** Client wall time: each query asked for the first time, with the caches as they were, and once more. */
  readonly latencyMs: { readonly first: Measured['latencyMs']; readonly again: Measured['latencyMs'] };
  /** The server's own time of a query, by EXPLAIN on the queries whose buffers were counted; null for too few. */
  readonly serverMs: { readonly n: number; readonly median: Estimate | null };
  /** Name of the clock that took the times. */
  readonly clock: string;
  readonly clientFloorMs: number;
  readonly buffers: { readonly mean: Estimate; readonly meanRead: number; readonly queries: number };
  /** Rows that a query read and threw away, because they did not meet the condition. */
  readonly rowsRemoved: Estimate;
  /** How the exact side read the table. */
  readonly exactPlan: string;
  /** Share of the queries that another row has the very same vector as; null where the metric cannot tell. */
  readonly duplicateShare: number | null;
  /** Queries whose row was changed or deleted during the run; they are in no figure of recall. */
  readonly vanished: number;
  readonly vectors: Omit<LiveQueries, 'queries'>;
  /** What the figures rest on, as points keep it, in base64; latencies in the order of the queries. */
  readonly samples: {
    readonly blockQueries: number;
    readonly firstMs: string;
    readonly againMs: string;
    readonly hits: string;
    readonly strictHits: string;
    readonly returned: string;
    readonly expected: string;
  };
  /** The queries with the least recall, worst first. */
  readonly worst: readonly { readonly query: string; readonly recall: number; readonly returned: number }[];
}
