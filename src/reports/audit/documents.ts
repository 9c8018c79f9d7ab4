import type { DatabaseArea } from '../../audit/index.js';

/** The documents of an audit, by their file names below `db/`. */
export const AUDIT_DOCUMENTS = {
  performance_audit: ['server'],
  index_strategy: ['indexes'],
  slow_queries_report: ['statements'],
  n1_queries_fixes: ['n-plus-one'],
  schema_design: ['schema'],
  vector_optimization: ['vectors'],
  pool: [],
  monitoring_setup: ['monitoring'],
} as const satisfies Readonly<Record<string, readonly DatabaseArea[]>>;

export type AuditDocumentId = keyof typeof AUDIT_DOCUMENTS;

/** The document that explains the findings of an area. */
export const documentOf = (area: DatabaseArea): AuditDocumentId =>
  (Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[]).find((id) =>
    (AUDIT_DOCUMENTS[id] as readonly DatabaseArea[]).includes(area),
  ) ?? 'performance_audit';
