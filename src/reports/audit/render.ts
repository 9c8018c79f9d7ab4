import {
  type Audit,
  type AuditFinding,
  type DatabaseArea,
  databaseChecks,
  type DatabaseSnapshot,
} from '../../audit/index.js';
import { isUnread, SEVERITIES } from '../../findings.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { type AuditTexts, textsOf } from '../text/audit-texts.js';
import { code, escapeText, fencedBlock, list, table } from '../text/markdown.js';
import { whyUnchecked } from '../text/why-unchecked.js';
import { AUDIT_DOCUMENTS, type AuditDocumentId, documentOf } from './documents.js';
import { findingSection } from './finding.js';
import { linkedFixes } from './orm-fixes.js';
import { measuredIndexes } from './measured-indexes.js';
import { planSections } from './plans.js';
import { poolSection } from './pool.js';
import { sampledVectors } from './sampled-vectors.js';
import { serverStateSection } from './server-state.js';
import { loggedTable, statementTable } from './statement-table.js';
import { tunedIndexes } from './tuned-indexes.js';
import { unjudgedSection } from './unjudged-indexes.js';

/** What is reported: of which server, what was found, and in which language. */
export interface AuditReport {
  readonly server: DatabaseSnapshot['server'];
  /** What tables in the documents show beside the findings. */
  readonly facts: DatabaseSnapshot;
  readonly audit: Audit;
  readonly texts: AuditTexts;
}

const TOP_ACTIONS = 10;

/** One document of an audit, as Markdown. */
export function auditDocument(id: AuditDocumentId, report: AuditReport): string {
  const { audit, server, texts } = report;
  const { documents } = texts.frame;
  const own = audit.findings.filter(({ area }) => documentOf(area) === id);
  const sections = [
    `# ${documents[id].title}`,
    escapeText(texts.frame.subject(server)),
    ...(server.managedBy === null ? [] : [escapeText(texts.frame.managed(server.managedBy))]),
    documents[id].intro,
    ...(id === 'performance_audit' ? overview(report) : []),
    ...findingSections(id, own, report),
    ...appendix(id, report),
    ...uncheckedSection(id, report),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What was found, in a table where the document has no overview, and one by one. */
function findingSections(id: AuditDocumentId, own: readonly AuditFinding[], { server, texts }: AuditReport): string[] {
  const { words } = texts.frame;
  if (own.length === 0) return id === 'performance_audit' || id === 'pool' ? [] : [words.noFindings];
  return [
    ...(id === 'performance_audit' ? [] : [findingTable(own, texts)]),
    `## ${words.findings}`,
    ...own.flatMap((finding) => [findingSection(finding, server, texts), ...fixes(finding, texts)]),
  ];
}

/** What a document shows beside its findings. */
function appendix(id: AuditDocumentId, { facts, texts: { frame } }: AuditReport): string[] {
  const { words } = frame;
  if (id === 'slow_queries_report')
    return [...countedStatements(facts, frame), ...planSections(facts, frame), ...loggedStatements(facts, frame)];
  if (id === 'index_strategy') return unjudgedSection(facts, frame);
  if (id === 'vector_optimization')
    return [...sampledVectors(facts, frame), ...measuredIndexes(facts, frame), ...tunedIndexes(facts, frame)];
  if (id === 'pool') return [poolSection(facts, frame.pool) ?? frame.unread['sessions-hidden']('sessions')];
  if (id !== 'monitoring_setup') return [];
  const shown = Object.entries(facts.settings).filter(([name]) =>
    /^(?:log_|track_|compute_query_id|pg_stat_)/.test(name),
  );
  return [
    `## ${words.settings}`,
    table(
      [words.setting, words.value],
      shown.map(([name, value]) => [code(name), code(value)]),
    ),
  ];
}

function countedStatements({ statements }: DatabaseSnapshot, frame: AuditFrame): string[] {
  if (isUnread(statements) || statements.statements.length === 0) return [];
  return [`## ${frame.words.statements}`, statementTable(statements, frame)];
}

function loggedStatements({ log }: DatabaseSnapshot, frame: AuditFrame): string[] {
  if (isUnread(log)) return [];
  return [
    `## ${frame.words.loggedStatements}`,
    escapeText(frame.log(log)),
    ...(log.statements.length === 0 ? [] : [loggedTable(log, frame)]),
  ];
}

/** How an application loads at once what it loads one by one. */
function fixes(finding: AuditFinding, { frame }: AuditTexts): string[] {
  const found = linkedFixes(finding);
  if (found.length === 0) return [];
  return [
    `#### ${frame.words.fixes}`,
    ...found.flatMap(({ library, language, code: text }) => [`${library}:`, fencedBlock(language, text.split('\n'))]),
  ];
}

/** The first screen: what to do, how much there is, and where it is explained. */
function overview({ facts, audit, texts }: AuditReport): string[] {
  const { words, severity, documents } = texts.frame;
  const actions = topActions(audit.findings);
  return [
    `## ${words.topActions}`,
    actions.length === 0 ? words.noFindings : findingTable(actions, texts),
    `## ${words.findingsBySeverity}`,
    table(
      [words.severity, `${words.findings}>`],
      SEVERITIES.map((s) => [severity[s], String(audit.findings.filter((finding) => finding.severity === s).length)]),
    ),
    ...serverStateSection(facts, texts.frame),
    `## ${words.documents}`,
    list(
      (Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[])
        .filter((id) => id !== 'performance_audit')
        .map((id) => `[${documents[id].title}](${id}.md): ${documents[id].intro}`),
    ),
  ];
}

/**
 * The most severe findings that somebody can act on, one for each action; findings are in the order of their severity already. The
 * counters and the log may both show a statement, and one update mends all defects of a version.
 */
export function topActions(findings: readonly AuditFinding[]): readonly AuditFinding[] {
  const seen = new Set<string>();
  const actions = findings.filter((finding) => {
    const action = actionOf(finding);
    if ((finding.severity === 'info' && finding.remedy === null) || seen.has(action)) return false;
    seen.add(action);
    return true;
  });
  return actions.slice(0, TOP_ACTIONS);
}

function actionOf({ code, area, data, remedy, key }: AuditFinding): string {
  if (code === 'pgvector-defect') return code;
  if (remedy !== null) return remedy.statements.join('\n');
  const statement = 'child' in data ? data.child : 'query' in data ? data.query : null;
  return statement === null ? key : `${area} ${statement}`;
}

const findingTable = (findings: readonly AuditFinding[], { frame, findings: catalogue }: AuditTexts): string =>
  table(
    [frame.words.severity, '', frame.words.finding, frame.words.object, frame.words.effect],
    findings.map((finding) => {
      const { title, effect } = textsOf(catalogue, finding);
      return [
        frame.severity[finding.severity],
        `[${finding.number}](${documentOf(finding.area)}.md)`,
        title,
        escapeText(finding.object),
        escapeText(effect),
      ];
    }),
  );

/** The checks of a document that could not be made, and why; the first document has those of all. */
function uncheckedSection(id: AuditDocumentId, { audit, texts }: AuditReport): string[] {
  const { words, unread } = texts.frame;
  const own = audit.unchecked.filter((check) => id === 'performance_audit' || documentOf(AREAS.get(check.id)!) === id);
  if (own.length === 0) return id === 'performance_audit' ? [`## ${words.notChecked}`, words.allChecked] : [];
  return [
    `## ${words.notChecked}`,
    table(
      [words.checks, words.reason],
      own.map(({ id: check, missing }) => [check, escapeText(whyUnchecked(unread, missing))]),
    ),
  ];
}

const AREAS = new Map<string, DatabaseArea>(databaseChecks.map(({ id, area }) => [id, area as DatabaseArea]));
