import { createHash } from 'node:crypto';
import type { AuditFinding } from '../../audit/index.js';
import { SEVERITIES } from '../../findings.js';
import type { DocumentLanguage } from '../../languages.js';
import { escapeHtml, htmlTable } from '../page/html.js';
import { PAGE_STYLE } from '../page/style.js';
import { textsOf } from '../text/audit-texts.js';
import { whyUnchecked } from '../text/why-unchecked.js';
import { AUDIT_DOCUMENTS, type AuditDocumentId, documentOf } from './documents.js';
import { onService } from './on-service.js';
import { linkedFixes } from './orm-fixes.js';
import { type AuditReport, topActions } from './render.js';

const STYLE = `${PAGE_STYLE}
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem 0.75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 6px; padding: 0.25rem 0.75rem; margin: 0.5rem 0; }
summary { cursor: pointer; min-height: 28px; overflow-wrap: anywhere; }
.severity { font-weight: 600; }
.high { color: var(--bad); }
`;

/**
 * An audit as one page that needs nothing else: no script, no network, every text from the database escaped.
 */
export function auditPage(report: AuditReport, language: DocumentLanguage): string {
  const { texts, server } = report;
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const title = texts.frame.documents.performance_audit.title;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(`${title}: ${server.database}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(texts.frame.subject(server))}</p>
${server.managedBy === null ? '' : `<p>${escapeHtml(texts.frame.managed(server.managedBy))}</p>`}
${overview(report)}
${(Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[]).map((id) => findingsOf(id, report)).join('')}
${uncheckedTable(report)}
</main>
</body>
</html>
`;
}

function overview({ audit, texts }: AuditReport): string {
  const { words, severity } = texts.frame;
  const count = (of: AuditFinding['severity']): string =>
    String(audit.findings.filter((finding) => finding.severity === of).length);
  const actions = topActions(audit.findings).map((finding) => {
    const { title, effect } = textsOf(texts.findings, finding);
    return [
      severityText(finding, texts),
      `<a href="#${anchorOf(finding, audit.findings)}">${escapeHtml(finding.number)}</a>`,
      escapeHtml(title),
      escapeHtml(finding.object),
      escapeHtml(effect),
    ];
  });
  const headers = [words.severity, words.checks, words.finding, words.object, words.effect];
  return `<h2>${escapeHtml(words.topActions)}</h2>
${actions.length === 0 ? `<p>${escapeHtml(words.noFindings)}</p>` : htmlTable(words.topActions, headers, actions)}
<h2>${escapeHtml(words.findingsBySeverity)}</h2>
${htmlTable(
  words.findingsBySeverity,
  [words.severity, `${words.findings}>`],
  SEVERITIES.map((one) => [escapeHtml(severity[one]), count(one)]),
)}`;
}

function findingsOf(id: AuditDocumentId, report: AuditReport): string {
  const { audit, texts } = report;
  const own = audit.findings.filter(({ area }) => documentOf(area) === id);
  if (own.length === 0) return '';
  return `<h2>${escapeHtml(id === 'performance_audit' ? texts.frame.words.findings : texts.frame.documents[id].title)}</h2>
${own.map((finding) => findingDetails(finding, anchorOf(finding, audit.findings), report)).join('\n')}
`;
}

function findingDetails(finding: AuditFinding, anchor: string, { server, texts }: AuditReport): string {
  const { frame, findings } = texts;
  const { words } = frame;
  const { title, says, effect, doubt } = textsOf(findings, finding);
  const { remedy, confidence, basis, window } = finding;
  const said = (word: string, text: string): string =>
    `<p><strong>${escapeHtml(word)}:</strong> ${escapeHtml(text)}</p>`;
  return `<details id="${anchor}"><summary>${severityText(finding, texts)} ${escapeHtml(`${finding.number} ${title}: ${finding.object}`)}</summary>
<p>${escapeHtml(says)}</p>
${said(words.effect, effect)}
${said(words.doubt, doubt)}
${said(words.confidence, `${frame.confidence[confidence]}. ${words.window}: ${frame.window(basis, window)}`)}
<p><strong>${escapeHtml(words.evidence)}:</strong></p>${pre([finding.evidence])}
${
  remedy === null
    ? said(words.remedy, words.noRemedy)
    : `${said(words.remedy, `${words.lock}: ${frame.lock(remedy.lock)}`)}${pre(remedy.statements)}${
        remedy.rollback.length === 0
          ? said(words.rollback, words.nothingToUndo)
          : `<p><strong>${escapeHtml(words.rollback)}:</strong></p>${pre(remedy.rollback)}`
      }`
}
${onService(finding, server, frame)
  .map((text) => `<p>${escapeHtml(text)}</p>`)
  .join('')}
${linkedFixes(finding)
  .map(({ library, code }) => `<p>${escapeHtml(library)}:</p>${pre([code])}`)
  .join('')}</details>`;
}

function uncheckedTable({ audit, texts }: AuditReport): string {
  const { words, unread } = texts.frame;
  const rows = audit.unchecked.map(({ id, missing }) => [escapeHtml(id), escapeHtml(whyUnchecked(unread, missing))]);
  return `<h2>${escapeHtml(words.notChecked)}</h2>
${rows.length === 0 ? `<p>${escapeHtml(words.allChecked)}</p>` : htmlTable(words.notChecked, [words.checks, words.reason], rows)}`;
}

const severityText = ({ severity }: AuditFinding, { frame }: AuditReport['texts']): string =>
  `<span class="severity ${severity}">${escapeHtml(frame.severity[severity])}</span>`;

const anchorOf = (finding: AuditFinding, all: readonly AuditFinding[]): string => `finding-${all.indexOf(finding) + 1}`;

const pre = (lines: readonly string[]): string => `<pre>${lines.map(escapeHtml).join('\n')}</pre>`;
