import { CHECK_NUMBERS, type databaseChecks } from '../../../audit/index.js';
import { type AuditReport, auditTextsOf, type AuditTexts, onService, whyUnchecked } from '../../../reports/index.js';
import { printableLine } from '../../../printable.js';
import { severityMarks } from '../../severity.js';
import type { Colors } from '../../style.js';
import { documentText } from '../../document-text.js';

type Checks = readonly (typeof databaseChecks)[number][];

/** Of `--list`: number, severity, id, and what the check finds. */
export function checkList(checks: Checks, { findings }: AuditTexts, json: boolean): string {
  const rows = checks.map((check) => {
    const id = check.id as keyof typeof CHECK_NUMBERS;
    return { number: CHECK_NUMBERS[id], id, area: check.area, severity: check.severity, title: findings[id].title };
  });
  if (json) return documentText('audit list', { checks: rows });
  const longest = Math.max(...rows.map(({ id }) => id.length));
  return rows
    .map(
      ({ number, id, area, severity, title }) =>
        `${number}  ${severity.padEnd(6)}  ${area.padEnd(10)}  ${id.padEnd(longest)}  ${title}\n`,
    )
    .join('');
}

/** Of `--json`. */
export function auditDocumentJson({ server, audit, texts }: AuditReport, written: readonly string[]): string {
  return documentText('audit', {
    server,
    findings: audit.findings.map((finding) => ({
      ...finding,
      text: { ...auditTextsOf(texts.findings, finding), onService: onService(finding, server, texts.frame) },
    })),
    unchecked: audit.unchecked.map((check) => ({ ...check, text: whyUnchecked(texts.frame.unread, check.missing) })),
    written,
  });
}

/** For people: a line a finding, with its remedy below it. */
export function consoleText({ server, audit, texts }: AuditReport, written: readonly string[], paint: Colors): string {
  const mark = severityMarks(paint);
  const line = printableLine;
  const { frame } = texts;
  const reasons = [...new Set(audit.unchecked.map(({ missing }) => whyUnchecked(frame.unread, missing)))];
  const lines = [
    line(frame.subject(server)),
    ...audit.findings.flatMap((finding) => {
      const { title, says } = auditTextsOf(texts.findings, finding);
      return [
        `${mark[finding.severity]}  ${finding.number} ${line(`${title}: ${finding.object}`)}`,
        `        ${line(says)}`,
        ...(finding.remedy?.statements.map((statement) => `        ${paint.cyan(line(statement))}`) ?? []),
        ...onService(finding, server, frame).map((text) => `        ${line(text)}`),
      ];
    }),
    ...(audit.findings.length === 0 ? [frame.words.noFindings] : []),
    ...(audit.unchecked.length === 0 ? [] : [`${frame.words.notChecked}:`]),
    ...reasons.map((reason) => {
      const ids = audit.unchecked
        .filter(({ missing }) => whyUnchecked(frame.unread, missing) === reason)
        .map(({ id }) => id);
      return `  ${ids.join(', ')}: ${line(reason)}`;
    }),
    ...written.map((path) => line(path)),
  ];
  return `${lines.join('\n')}\n`;
}
