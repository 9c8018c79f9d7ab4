import type { AuditDocumentId } from '../audit/documents.js';
import type {
  Audit,
  AuditFinding,
  DatabaseSnapshot,
  ManagedService,
  MeasuredIndex,
  PlanCause,
  ServerState,
  Remedy,
  StatementChange,
  StatementPlan,
  StatementRewrite,
  StatementLog,
  TunedIndex,
  WorkloadPlans,
} from '../../audit/index.js';
import type { AuditFigures } from './audit-figures.js';
import type { PoolTexts } from './pool-texts.js';
import type { Catalogue } from './catalogue.js';
import type { Severity, WhyUnread } from '../../findings.js';

/** Everything in the reports of an audit that belongs to no one finding. */
export interface AuditFrame {
  /** How this language writes figures. */
  readonly figures: AuditFigures;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly confidence: Readonly<Record<AuditFinding['confidence'], string>>;
  readonly lock: (lock: Remedy['lock']) => string;
  /** What a finding rests on, and since when. */
  readonly window: (basis: AuditFinding['basis'], window: AuditFinding['window']) => string;
  readonly documents: Readonly<Record<AuditDocumentId, { readonly title: string; readonly intro: string }>>;
  readonly words: {
    readonly severity: string;
    readonly finding: string;
    readonly object: string;
    readonly effect: string;
    readonly doubt: string;
    readonly window: string;
    readonly confidence: string;
    readonly lock: string;
    readonly evidence: string;
    readonly remedy: string;
    readonly rollback: string;
    readonly nothingToUndo: string;
    readonly noRemedy: string;
    readonly topActions: string;
    readonly findingsBySeverity: string;
    readonly findings: string;
    readonly documents: string;
    readonly notChecked: string;
    readonly checks: string;
    readonly reason: string;
    readonly noFindings: string;
    readonly allChecked: string;
    readonly statements: string;
    readonly statementColumns: Readonly<
      Record<
        | 'share'
        | 'total'
        | 'calls'
        | 'mean'
        | 'deviation'
        | 'maximum'
        | 'rows'
        | 'pages'
        | 'temporary'
        | 'wal'
        | 'statement',
        string
      >
    >;
    readonly sampledVectors: string;
    readonly sampledColumns: Readonly<Record<'column' | 'rows' | 'zero' | 'notUnit' | 'lengths' | 'sharing', string>>;
    readonly measuredIndexes: string;
    readonly measuredColumns: Readonly<Record<'index' | 'recall' | 'queries' | 'median' | 'settings', string>>;
    readonly tunedIndexes: string;
    readonly tunedColumns: Readonly<
      Record<'index' | 'today' | 'recommended' | 'sample' | 'recall' | 'p95' | 'pages' | 'size', string>
    >;
    readonly plans: string;
    /** What of a statement was planned, where it was not all of it. */
    readonly planned: Readonly<Record<Exclude<StatementPlan['part'], 'all'>, string>>;
    readonly rewrite: string;
    readonly otherRows: string;
    readonly loggedStatements: string;
    readonly loggedColumns: Readonly<
      Record<'share' | 'total' | 'calls' | 'mean' | 'median' | 'p95' | 'maximum' | 'routes' | 'statement', string>
    >;
    readonly fixes: string;
    readonly state: string;
    readonly subject: string;
    readonly figures: string;
    readonly subjects: Readonly<Record<ServerState['code'], string>>;
    readonly unjudged: string;
    readonly unjudgedWhy: string;
    readonly unjudgedColumns: Readonly<Record<'index' | 'method' | 'size' | 'look', string>>;
    readonly settings: string;
    readonly setting: string;
    readonly value: string;
  };
  /** Which database, when, as whom, and since when its counters count. */
  readonly subject: (server: DatabaseSnapshot['server']) => string;
  /** How rows were picked, and of how many columns none were. */
  readonly sampled: (leftOut: number) => string;
  /** What came of measuring an index. */
  readonly outcome: Readonly<Record<MeasuredIndex['outcome'], string>>;
  /** How indexes were tuned. */
  readonly tuned: (tuned: readonly TunedIndex[]) => string;
  /** What came of tuning an index where nothing is recommended. */
  readonly notTuned: Readonly<Record<Exclude<TunedIndex['outcome'], 'tuned'>, string>>;
  /** Of how many rows an index was measured on. */
  readonly sample: (sample: NonNullable<TunedIndex['sample']>) => string;
  readonly pool: PoolTexts;
  /** How the server is. */
  readonly state: Catalogue<ServerState>;
  /** Since when the counters among them count. */
  readonly stateSince: (iso: string) => string;
  /** How plans were made. */
  readonly planned: (workload: WorkloadPlans) => string;
  readonly cost: (cost: number) => string;
  readonly planCauses: Catalogue<PlanCause>;
  /** What was written otherwise, and why the rows are the same. */
  readonly changes: Catalogue<StatementChange>;
  /** What a rewritten statement costs. */
  readonly saving: (rewrite: StatementRewrite) => string;
  /** Which log was read, and how much of it. */
  readonly log: (log: StatementLog) => string;
  /** How many findings of which severity there are. */
  readonly status: (audit: Audit) => string;
  readonly managed: (service: ManagedService) => string;
  /** How a service sets a setting of the whole server, by a command or not at all. */
  readonly onService: (service: ManagedService, setting: string, command: string | null) => string;
  readonly script: {
    readonly head: (server: DatabaseSnapshot['server']) => readonly string[];
    readonly step: Readonly<Record<Remedy['step'], string>>;
    readonly concurrently: string;
    readonly empty: string;
  };
  /** Why a part of the snapshot could not be read. */
  readonly unread: Readonly<Record<WhyUnread<DatabaseSnapshot>, (part: string) => string>>;
}
