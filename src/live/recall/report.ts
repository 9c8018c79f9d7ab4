import type { RecallSummary } from '../../analysis/index.js';
import type { Settings } from '../../postgres/index.js';
import type { VectorIndex } from '../catalog/table.js';
import type { Conditions, Estimate, RecallFinding, Measured, PlanCache } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
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
    /** Share of dead rows, by the server's statistics. */
    readonly deadShare: number;
  };
  readonly asked: {
    readonly k: number;
    readonly where: string | null;
    /** What the index's side ran under: what was set, read back, and the index's other search settings. */
    readonly settings: Settings;
    readonly queries: 'rows of the table' | 'log';
    /** Null when there is no index to ask. */
    readonly sql: string | null;
    readonly exactSql: string | null;
    readonly exactOf: LiveQuestion['exactOf'] | null;
    readonly metric: Metric | null;
  };
  /** Every index on the vectors. */
  readonly indexes: readonly LiveIndex[];
  /** The natural plan; null when there is no index to ask. */
  readonly plan: LivePlanEvidence | null;
  /** What went on while the index was timed, as far as the role may see it; null when nothing was. */
  readonly conditions: Conditions | null;
  /** Null when the natural plan uses no index on the vectors, and when the times are void. */
  readonly measured: LiveMeasured | null;
  readonly findings: readonly RecallFinding[];
  /** `reached`, `not reached` and `inconclusive` only where a recall was to be shown. */
  readonly verdict: 'measured' | 'reached' | 'not reached' | 'inconclusive' | 'no index used' | 'void';
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
  };
  /** The queries with the least recall, worst first. */
  readonly worst: readonly { readonly query: string; readonly recall: number; readonly returned: number }[];
}
