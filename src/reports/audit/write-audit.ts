import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeAtomically } from '../../results/index.js';
import { AUDIT_DOCUMENTS, type AuditDocumentId } from './documents.js';
import { auditDocument, type AuditReport } from './render.js';
import { optimizationScript } from './script.js';

/**
 * Writes the documents of an audit to `<folder>/db/`, and the script beside the folder, to `scripts/`.
 *
 * @returns paths of the files written, the main one first
 */
export function writeAudit(folder: string, report: AuditReport): readonly string[] {
  const contents: readonly (readonly [path: string, content: string])[] = [
    ...(Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[]).map(
      (id) => [join(folder, 'db', `${id}.md`), auditDocument(id, report)] as const,
    ),
    [join(dirname(resolve(folder)), 'scripts', 'db_optimization.sql'), optimizationScript(report)],
  ];
  for (const [path, content] of contents) {
    mkdirSync(dirname(path), { recursive: true });
    writeAtomically(path, content);
  }
  return contents.map(([path]) => path);
}
