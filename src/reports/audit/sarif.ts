import type { Severity } from '../../findings.js';
import { textsOf } from '../text/audit-texts.js';
import type { AuditReport } from './render.js';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/**
 * The findings as SARIF 2.1.0, which code hosts and editors show. What a finding is about is a logical location: an object of the
 * database, not a line of a file.
 *
 * @param version of pgvtune
 */
export function auditSarif({ audit, texts, server }: AuditReport, version: string): string {
  const numbers = [...new Map(audit.findings.map((finding) => [finding.number, finding])).values()];
  return `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'pgvtune',
              version,
              rules: numbers.map((finding) => ({
                id: finding.number,
                name: finding.code,
                shortDescription: { text: textsOf(texts.findings, finding).title },
              })),
            },
          },
          results: audit.findings.map((finding) => {
            const { title, says, effect } = textsOf(texts.findings, finding);
            return {
              ruleId: finding.number,
              level: LEVEL[finding.severity],
              message: { text: `${title}: ${finding.object}. ${says} ${effect}` },
              locations: [
                { logicalLocations: [{ fullyQualifiedName: `${server.database}.${finding.object}`, kind: 'object' }] },
              ],
              partialFingerprints: { 'pgvtune/v1': finding.key },
            };
          }),
        },
      ],
    },
    null,
    2,
  )}\n`;
}
