import { sarifLog } from '../sarif.js';
import { textsOf } from '../text/audit-texts.js';
import type { AuditReport } from './render.js';

/**
 * The findings as SARIF 2.1.0. What a finding is about is a logical location: an object of the database, not a line of a file.
 *
 * @param version of pgvtune
 */
export function auditSarif({ audit, texts, server }: AuditReport, version: string): object {
  const numbers = [...new Map(audit.findings.map((finding) => [finding.number, finding])).values()];
  const rules = numbers.map((finding) => ({
    id: finding.number,
    name: finding.code,
    shortDescription: { text: textsOf(texts.findings, finding).title },
  }));
  const results = audit.findings.map((finding) => {
    const { title, says, effect } = textsOf(texts.findings, finding);
    const name = `${server.database}.${finding.object}`;
    return {
      ruleId: finding.number,
      severity: finding.severity,
      text: `${title}: ${finding.object}. ${says} ${effect}`,
      locations: [{ logicalLocations: [{ fullyQualifiedName: name, kind: 'object' }] }],
      fingerprint: finding.key,
    };
  });
  return sarifLog(rules, results, version);
}
