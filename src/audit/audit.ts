import { indexChecks } from './checks/indexes/registry.js';
import { type FindingOf, runChecks, type Unchecked } from '../findings.js';
import { countersSince, type DatabaseSnapshot } from './snapshot/database.js';

/** Every check of a database; findings of one severity are reported in this order. */
export const databaseChecks = [...indexChecks] as const;

type Check = (typeof databaseChecks)[number];
export type DatabaseFinding = FindingOf<Check>;
export type DatabaseCheckId = DatabaseFinding['code'];
export type DatabaseArea = 'indexes';

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
  'many-indexes': 'IDX-013',
  'needed-though-unused': 'IDX-014',
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
  return {
    findings: findings.map((finding) => ({
      ...finding,
      number: CHECK_NUMBERS[finding.code],
      area: area.get(finding.code)!,
      window: { from: finding.basis === 'counters' ? countersSince(snapshot.server) : null, until: takenAt },
      key: `${finding.code}:${finding.object}`,
    })),
    unchecked,
  };
}
