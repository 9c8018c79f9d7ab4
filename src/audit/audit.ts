import { indexChecks } from './checks/indexes/registry.js';
import { nPlusOneChecks } from './checks/n-plus-one/registry.js';
import { statementChecks } from './checks/statements/registry.js';
import { monitoringChecks } from './checks/monitoring/registry.js';
import { schemaChecks } from './checks/schema/registry.js';
import { serverChecks } from './checks/server/registry.js';
import { vectorChecks } from './checks/vectors/registry.js';
import { type FindingOf, isUnread, runChecks, type Unchecked } from '../findings.js';
import { countersSince, type DatabaseSnapshot } from './snapshot/database.js';

/** Every check of a database; findings of one severity are reported in this order. */
export const databaseChecks = [
  ...serverChecks,
  ...statementChecks,
  ...nPlusOneChecks,
  ...indexChecks,
  ...vectorChecks,
  ...schemaChecks,
  ...monitoringChecks,
] as const;

type Check = (typeof databaseChecks)[number];
export type DatabaseFinding = FindingOf<Check>;
export type DatabaseCheckId = DatabaseFinding['code'];
export type DatabaseArea = 'server' | 'indexes' | 'schema' | 'vectors' | 'statements' | 'n-plus-one' | 'monitoring';

/** By which a check is known in reports, for ever: numbers are never used again. */
export const CHECK_NUMBERS: Readonly<Record<DatabaseCheckId, string>> = {
  'duplicate-index': 'IDX-001',
  'index-variants': 'IDX-002',
  'redundant-index': 'IDX-003',
  'unused-index': 'IDX-004',
  'rarely-used-index': 'IDX-005',
  'invalid-index': 'IDX-006',
  'unindexed-foreign-key': 'IDX-007',
  'sequential-scans': 'IDX-009',
  'btree-bloat': 'IDX-010',
  'mostly-null-index': 'IDX-011',
  'many-indexes': 'IDX-013',
  'needed-though-unused': 'IDX-014',
  'workload-index': 'IDX-015',
  'memory-overcommitted': 'CFG-001',
  'autovacuum-behind': 'CFG-002',
  wraparound: 'CFG-003',
  'random-page-cost': 'CFG-004',
  'never-analyzed': 'CFG-006',
  'autovacuum-off': 'CFG-007',
  'durability-off': 'CFG-008',
  'requested-checkpoints': 'CFG-009',
  'cache-misses': 'CFG-010',
  'temporary-files': 'CFG-011',
  deadlocks: 'CFG-012',
  rollbacks: 'CFG-013',
  'blocked-sessions': 'LCK-001',
  'idle-in-transaction': 'LCK-002',
  'vacuum-blocked': 'LCK-003',
  'connections-near-limit': 'CON-001',
  'slot-retains-wal': 'REP-001',
  'standby-lag': 'REP-002',
  'logging-gap': 'MON-001',
  'no-statement-statistics': 'MON-002',
  'statement-statistics-defect': 'MON-003',
  'dominant-statement': 'SLOW-001',
  'slow-statement': 'SLOW-002',
  'unstable-statement': 'SLOW-003',
  'spilling-statement': 'SLOW-004',
  'scanning-statement': 'IDX-008',
  'planning-dominates': 'SLOW-006',
  'evicted-statements': 'SLOW-007',
  'list-variants': 'SLOW-008',
  'slow-in-log': 'SLOW-012',
  'unbounded-result': 'SLOW-009',
  'query-for-each-row': 'N1-001',
  'query-in-loop': 'N1-002',
  'repeated-query': 'N1-003',
  'row-by-row-insert': 'N1-004',
  'nearest-in-loop': 'N1-005',
  'write-in-loop': 'N1-008',
  'operator-class-mismatch': 'VEC-002',
  'unindexable-order': 'VEC-003',
  'no-primary-key': 'SCH-001',
  'sequence-exhaustion': 'SCH-002',
  'foreign-key-type-mismatch': 'SCH-003',
  'unvalidated-constraint': 'SCH-004',
  'timestamp-without-time-zone': 'SCH-005',
  'discouraged-type': 'SCH-006',
  'narrow-foreign-key': 'SCH-007',
  'large-toast': 'SCH-008',
  'duplicate-foreign-key': 'SCH-010',
  'unlogged-table': 'SCH-011',
  'vectors-without-index': 'VEC-001',
  'vector-without-dimensions': 'VEC-004',
  'too-many-dimensions': 'VEC-005',
  'truncated-vector-scans': 'VEC-006',
  'pgvector-defect': 'VEC-008',
  'ivfflat-lists': 'VEC-009',
  'hnsw-bloat': 'VEC-010',
  'vector-index-exceeds-cache': 'VEC-011',
  'hnsw-page-waste': 'VEC-012',
  'hnsw-build-spills': 'VEC-013',
  'btree-on-vector': 'VEC-017',
  'hnsw-beside-ivfflat': 'VEC-019',
  'null-vectors': 'VEC-021',
  'ivfflat-probes': 'VEC-023',
  'pgvector-outdated': 'VEC-024',
  'foreign-access-method': 'VEC-025',
  'ivfflat-bloat': 'VEC-026',
  'low-recall': 'VEC-027',
  'untuned-vector-index': 'VEC-028',
  'zero-vectors': 'VEC-029',
  'unnormalized-inner-product': 'VEC-030',
  'duplicate-vectors': 'VEC-031',
};

/** A finding, with what every one of them carries. */
export type AuditFinding = DatabaseFinding & {
  readonly number: string;
  readonly area: DatabaseArea;
  /** The time that the figures are from; `from` is null where they are those of the moment `until`. */
  readonly window: { readonly from: string | null; readonly until: string };
  /** Equal in two audits for the same fault of the same object. */
  readonly key: string;
};

export interface Audit {
  readonly findings: readonly AuditFinding[];
  readonly unchecked: readonly Unchecked<DatabaseSnapshot>[];
}

/** Makes checks, and gives each finding its number, its window and its key. */
export function auditDatabase(snapshot: DatabaseSnapshot, checks: readonly Check[] = databaseChecks): Audit {
  const { findings, unchecked } = runChecks(checks, snapshot);
  const area = new Map<string, DatabaseArea>(databaseChecks.map((check) => [check.id, check.area as DatabaseArea]));
  const { takenAt } = snapshot.server;
  const statements = isUnread(snapshot.statements) ? null : snapshot.statements;
  const since = {
    catalog: null,
    estimates: null,
    activity: null,
    measurement: null,
    counters: countersSince(snapshot.server),
    statements: statements?.resetAt ?? null,
    log: isUnread(snapshot.log) ? null : snapshot.log.from,
  };
  const until = (basis: DatabaseFinding['basis']): string =>
    (basis === 'log' && !isUnread(snapshot.log) ? snapshot.log.until : null) ?? takenAt;
  return {
    findings: withoutServed(findings).map((finding) => ({
      ...finding,
      number: CHECK_NUMBERS[finding.code],
      area: area.get(finding.code)!,
      window: { from: since[finding.basis], until: until(finding.basis) },
      key: `${finding.code}:${finding.object}`,
    })),
    unchecked,
  };
}

/** Of a statement that scans its table, nothing more is said where a proposed index serves it. */
function withoutServed(findings: readonly DatabaseFinding[]): readonly DatabaseFinding[] {
  const served = new Set(
    findings.flatMap((finding) =>
      finding.code === 'workload-index' ? finding.data.statements.map(({ query }) => query) : [],
    ),
  );
  return findings.filter((finding) => finding.code !== 'scanning-statement' || !served.has(finding.data.query));
}
