import { type AuditFinding, REMEDY_STEPS, SAFE_STEPS } from '../../audit/index.js';
import { textsOf } from '../text/audit-texts.js';
import { onService } from './on-service.js';
import type { AuditReport } from './render.js';

/**
 * `scripts/db_optimization.sql`: every remedy once, in an order in which it is safe to run them, with the evidence and the way
 * back as comments. What could lose something is commented out.
 */
export function optimizationScript({ audit, server, texts }: AuditReport): string {
  const { script } = texts.frame;
  const written = new Set<string>();
  const sections = REMEDY_STEPS.flatMap((step) => {
    const remedies = audit.findings.filter(({ remedy }) => {
      if (remedy?.step !== step || remedy.statements.every((statement) => written.has(statement))) return false;
      for (const statement of remedy.statements) written.add(statement);
      return true;
    });
    if (remedies.length === 0) return [];
    return [
      [`-- ${'-'.repeat(20)}`, comment(script.step[step])].join('\n'),
      ...remedies.map((finding) => remedyText(finding, server, texts)),
    ];
  });
  return `${[
    script.head(server).map(comment).join('\n'),
    `SET lock_timeout = '5s';\nSET statement_timeout = 0;`,
    ...(sections.length === 0 ? [comment(script.empty)] : sections),
  ].join('\n\n')}\n`;
}

function remedyText(
  finding: AuditFinding,
  server: AuditReport['server'],
  { frame, findings }: AuditReport['texts'],
): string {
  const { step, statements, rollback, lock } = finding.remedy!;
  const { words } = frame;
  const { title, says } = textsOf(findings, finding);
  const active = SAFE_STEPS.includes(step);
  const body = statements.map((statement) => (active ? statement : comment(statement)));
  const waits = active && statements.some(isConcurrent);
  return [
    comment(`${finding.number} ${title}: ${finding.object} (${frame.severity[finding.severity]})`),
    comment(says),
    comment(`${words.lock}: ${frame.lock(lock)}`),
    comment(`${words.evidence}: ${finding.evidence}`),
    comment(`${words.rollback}: ${rollback.length === 0 ? words.nothingToUndo : rollback.join(' ')}`),
    ...onService(finding, server, frame).map(comment),
    ...(waits
      ? [comment(frame.script.concurrently), 'SET lock_timeout = 0;', ...body, `SET lock_timeout = '5s';`]
      : body),
  ].join('\n');
}

const isConcurrent = (statement: string): boolean => / CONCURRENTLY /.test(statement);

/** Text as comments; a line break in it ends none. */
const comment = (text: string): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => `-- ${line}`.trimEnd())
    .join('\n');
