import { checksOf } from '../../findings.js';
import type { ServerSetting } from '../managed-services.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';

/** What a finding about a database holds besides code, severity and data. */
export interface Judgement {
  /** What it is about, as people write it: `public.orders.orders_total_idx`. With the code it names the finding. */
  readonly object: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /**
   * What it rests on: `catalog` is as it is now; `counters` add up since the statistics were reset; `estimates` are those of
   * the last ANALYZE; `statements` are the counters of pg_stat_statements since they were reset; `log` is the server's log; `measurement` was made for the audit; `activity` is what sessions did at the moment of the snapshot.
   */
  readonly basis: 'catalog' | 'counters' | 'estimates' | 'statements' | 'log' | 'measurement' | 'activity';
  /** A query that shows the figures; of a log its file and line, as a comment. */
  readonly evidence: string;
  /** Null where a person has to decide what to do. */
  readonly remedy: Remedy | null;
  /** Settings of the whole server that it comes down to: managed services have ways of their own to each. */
  readonly serverSettings?: readonly ServerSetting[];
}

export interface Remedy {
  /** In this order they are safe to run: what adds comes before what takes away. */
  readonly step: RemedyStep;
  /** One after the other, each outside a transaction. */
  readonly statements: readonly string[];
  /** The strongest lock on the table, and how long it is held. */
  readonly lock: RemedyLock;
  /** Undo them, in this order. */
  readonly rollback: readonly string[];
}

export const REMEDY_STEPS = ['analyze', 'create', 'validate', 'rebuild', 'setting', 'alter', 'drop'] as const;
export type RemedyStep = (typeof REMEDY_STEPS)[number];

/** Steps that lose nothing, whatever the application does: a script may run them as they are. */
export const SAFE_STEPS: readonly RemedyStep[] = ['analyze', 'create', 'validate', 'rebuild'];

export interface RemedyLock {
  readonly mode: 'none' | 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE';
  readonly held: 'for a moment' | 'while it scans' | 'while it builds' | 'while it rewrites';
}

/** The function that defines the checks of an area. */
export const databaseChecks = (area: string) => checksOf<DatabaseSnapshot, Judgement>(area);
