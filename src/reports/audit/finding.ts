import type { AuditFinding, ServerFacts } from '../../audit/index.js';
import { type AuditTexts, textsOf } from '../text/audit-texts.js';
import { escapeText, sqlBlock } from '../text/markdown.js';
import { onService } from './on-service.js';

/** A section with all that a finding carries. */
export function findingSection(finding: AuditFinding, server: ServerFacts, { frame, findings }: AuditTexts): string {
  const { title, says, effect, doubt } = textsOf(findings, finding);
  const { words } = frame;
  const { remedy } = finding;
  return [
    `### ${finding.number} ${title}: ${escapeText(finding.object)}`,
    `**${words.severity}:** ${frame.severity[finding.severity]} · **${words.confidence}:** ${frame.confidence[finding.confidence]} · **${words.window}:** ${frame.window(finding.basis, finding.window)}`,
    escapeText(says),
    `**${words.effect}:** ${escapeText(effect)}`,
    `**${words.doubt}:** ${escapeText(doubt)}`,
    `**${words.evidence}:**`,
    sqlBlock([finding.evidence]),
    ...(remedy === null
      ? [`**${words.remedy}:** ${words.noRemedy}`]
      : [
          `**${words.remedy}** (${words.lock}: ${frame.lock(remedy.lock)}):`,
          sqlBlock(remedy.statements),
          ...(remedy.rollback.length === 0
            ? [`**${words.rollback}:** ${words.nothingToUndo}`]
            : [`**${words.rollback}:**`, sqlBlock(remedy.rollback)]),
        ]),
    ...onService(finding, server, frame).map(escapeText),
  ].join('\n\n');
}
