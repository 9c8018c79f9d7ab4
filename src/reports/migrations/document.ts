import type { HistoryAnalysis, SquashPlan } from '../../migrations/index.js';
import { textOf } from '../text/catalogue.js';
import { code, escapeText, sqlBlock, table } from '../text/markdown.js';
import type { DocumentLanguage } from '../../languages.js';
import { migrationTexts } from './languages.js';
import { placeText, sightText, someOf } from './places.js';
import type { SquashFolders } from './squash-files.js';
import { type ProofView, squashSection } from './squash-section.js';
import { type TimesView, timeSection } from './time-section.js';
import type { MigrationTexts } from './texts.js';

/** What the document is made of. */
export interface MigrationView {
  /** Name of the folder. */
  readonly name: string;
  readonly folders: SquashFolders;
  readonly analysis: HistoryAnalysis;
  /** The newest revision that is deployed, where hazards were asked for. */
  readonly since?: string;
  readonly squash?: SquashPlan;
  readonly proof?: ProofView;
  readonly times?: TimesView;
}

/** `migration_optimization.md`: what the history is, what is wrong with it, and what could not be read. */
export function migrationDocument(view: MigrationView, language: DocumentLanguage): string {
  const texts = migrationTexts(language);
  const { document } = texts;
  const sections = [
    `# ${document.title(escapeText(view.name))}`,
    summary(view.analysis, texts),
    findings(view.analysis, texts),
    vectors(view.analysis, texts),
    hazards(view, texts),
    view.squash
      ? squashSection(view.squash, view.analysis.format, view.proof ?? null, { texts, folders: view.folders })
      : '',
    view.times ? timeSection(view.times, texts) : '',
    notUnderstood(view.analysis, texts),
    growth(view.analysis, texts),
    `## ${document.method}\n\n${document.methodText}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function summary(
  { format, revisions, graph, coverage, growth, lockTimeout }: HistoryAnalysis,
  { document }: MigrationTexts,
): string {
  const rows = [
    [document.format, escapeText(format)],
    [document.revisions, String(revisions.length)],
    [document.operations, document.understood(coverage.understood, coverage.operations, coverage.share)],
    [document.conditional, String(coverage.conditional)],
    [document.heads, someOf(graph.heads.map(code), document.more)],
    ...(growth.length > 0 ? [[document.period, `${growth[0]!.month} – ${growth.at(-1)!.month}`]] : []),
    ...(format === 'alembic'
      ? [[document.lockTimeout, lockTimeout === null ? document.notSet : code(lockTimeout)]]
      : []),
  ];
  const assumed = coverage.assumedTypes.length === 0 ? '' : `\n\n${document.assumedTypes(coverage.assumedTypes)}`;
  return `## ${document.summary}\n\n${table(['', ''], rows)}${assumed}`;
}

function findings({ findings: found }: HistoryAnalysis, texts: MigrationTexts): string {
  const { document } = texts;
  const rows = found.map((finding) => [
    texts.severities[finding.severity],
    `${textOf(texts.findings, finding)} ${code(finding.code)}`,
  ]);
  return `## ${document.findings}\n\n${rows.length === 0 ? document.noFindings : table([document.severity, document.finding], rows)}`;
}

function vectors({ vectors: found }: HistoryAnalysis, texts: MigrationTexts): string {
  if (found.length === 0) return '';
  const rows = found.map((finding) => [
    texts.severities[finding.severity],
    `${textOf(texts.vectors, finding)} ${code(finding.code)}`,
  ]);
  return `## ${texts.document.vectors}\n\n${table([texts.document.severity, texts.document.finding], rows)}`;
}

/** One paragraph a hazard, with the statements that do the same safely. */
function hazards({ analysis: { hazards: found }, since }: MigrationView, texts: MigrationTexts): string {
  if (found === null || since === undefined) return '';
  const { document } = texts;
  const paragraphs = found.map((hazard) => {
    const { at, safe } = hazard.data;
    const text = `**${texts.severities[hazard.severity]}** ${sightText(at)}: ${texts.hazard(hazard)} ${code(hazard.code)}`;
    return safe.length === 0 ? text : `${text}\n\n${document.safeForm}:\n\n${sqlBlock(safe)}`;
  });
  return [`## ${document.hazards(code(since))}`, ...(paragraphs.length === 0 ? [document.noHazards] : paragraphs)].join(
    '\n\n',
  );
}

/** Rows of the list of what was not understood; the JSON has all. */
const MOST_LISTED = 100;

function notUnderstood({ notUnderstood: operations }: HistoryAnalysis, { document, problems }: MigrationTexts): string {
  const heading = `## ${document.notUnderstood}`;
  if (operations.length === 0) return `${heading}\n\n${document.allUnderstood}`;
  const rows = operations
    .slice(0, MOST_LISTED)
    .map((operation) => [placeText(operation), code(operation.detail), problems[operation.code]]);
  const rest = operations.length - rows.length;
  return [
    `${heading}\n\n${document.notUnderstoodIntro}`,
    table([document.where, document.what, document.why], rows),
    ...(rest > 0 ? [document.more(rest)] : []),
  ].join('\n\n');
}

function growth({ growth: months }: HistoryAnalysis, { document }: MigrationTexts): string {
  if (months.length < 2) return '';
  const rows = months.map(({ month, revisions, operations }) => [month, String(revisions), String(operations)]);
  return `## ${document.growth}\n\n${table([document.month, `${document.revisions}>`, `${document.operations}>`], rows)}`;
}
