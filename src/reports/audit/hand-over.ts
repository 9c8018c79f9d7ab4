import type { AuditFinding, DatabaseArea } from '../../audit/index.js';
import { textsOf } from '../text/audit-texts.js';
import type { AuditReport } from './render.js';

/** What an item is about, below its heading. */
type Item = (finding: AuditFinding) => string;

/**
 * The hand-over record of an audit, for those who keep a task in a file. Its headings are fixed; the text below them is in the
 * language of the report.
 */
export function handOverRecord(report: AuditReport): string {
  const { audit, server, texts } = report;
  const { words } = texts.frame;
  const found = (...areas: readonly DatabaseArea[]): readonly AuditFinding[] =>
    audit.findings.filter(({ area }) => areas.includes(area));
  const title = (finding: AuditFinding): string => textsOf(texts.findings, finding).title;
  const named: Item = (finding) =>
    `[${texts.frame.severity[finding.severity]}] ${finding.number} ${title(finding)}: ${finding.object}`;
  const effect: Item = (finding) => `${finding.number} ${finding.object}: ${textsOf(texts.findings, finding).effect}`;
  const statement: Item = (finding) => `${finding.number}: ${finding.remedy!.statements.join(' ')}`;
  const section = (heading: string, findings: readonly AuditFinding[], item: Item): string =>
    [`${heading}:`, ...(findings.length === 0 ? [words.noFindings] : findings.map(item)).map(line)].join('\n');
  const ofCodes = (...codes: readonly AuditFinding['code'][]) =>
    audit.findings.filter(({ code }) => codes.includes(code));
  const remedies = (areas: readonly DatabaseArea[]) => found(...areas).filter(({ remedy }) => remedy !== null);
  return `${[
    `ДАТА\n${server.takenAt}`,
    `СТАТУС\n${texts.frame.status(audit)}`,
    `ЗАДАЧА\n${oneLine(texts.frame.subject(server))}`,
    [
      'PERFORMANCE АНАЛИЗ',
      section('Slow queries', found('statements'), named),
      section('N+1', found('n-plus-one'), named),
      section('Indexes', found('indexes', 'vectors'), named),
    ].join('\n'),
    [
      'ОПТИМИЗАЦИИ',
      section('Query performance', found('statements', 'n-plus-one'), effect),
      section(
        'Index strategy',
        found('indexes').filter(({ remedy }) => remedy !== null),
        effect,
      ),
      section(
        'Connection pooling',
        ofCodes('connections-near-limit', 'idle-in-transaction', 'memory-overcommitted'),
        effect,
      ),
    ].join('\n'),
    [
      'ВЛИЯНИЕ НА СИСТЕМУ',
      section(
        'API performance',
        ofCodes('slow-statement', 'scanning-statement', 'dominant-statement', 'blocked-sessions'),
        effect,
      ),
      section('Frontend', ofCodes('query-for-each-row', 'unbounded-result'), effect),
      section('AI/RAG', found('vectors'), effect),
    ].join('\n'),
    [
      'РЕКОМЕНДАЦИИ',
      section('db-migrations', remedies(['indexes', 'schema', 'statements', 'vectors']), statement),
      section('api-contract', ofCodes('unbounded-result', 'query-for-each-row', 'unindexable-order'), effect),
    ].join('\n'),
  ].join('\n\n')}\n`;
}

/** A name, a statement or a query may have line breaks: none of them begins a heading. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const line = (text: string): string => `- ${oneLine(text)}`;

/** `task_20261129_230500.data`, by the server's clock in UTC. */
export const handOverName = (takenAt: string): string =>
  `task_${takenAt.slice(0, 10).replaceAll('-', '')}_${takenAt.slice(11, 19).replaceAll(':', '')}.data`;
