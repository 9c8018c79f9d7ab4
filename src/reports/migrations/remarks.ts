import { bySeverity, type Severity } from '../../findings.js';
import type { HistoryAnalysis, Place } from '../../migrations/index.js';
import { textOf } from '../text/catalogue.js';
import type { DocumentLanguage } from '../../languages.js';
import { migrationTexts } from './languages.js';

/** A finding or a hazard as one text at one place, for consoles and other programs. */
export interface Remark {
  readonly code: string;
  readonly severity: Severity;
  /** Plain text. */
  readonly text: string;
  /** Where to look first; null for a remark about the whole. */
  readonly place: Place | null;
}

/** Everything that was found, most severe first. */
export function migrationRemarks(analysis: HistoryAnalysis, language: DocumentLanguage): readonly Remark[] {
  const texts = migrationTexts(language);
  const remark = (code: string, severity: Severity, data: unknown, text: string): Remark => ({
    code,
    severity,
    text: plain(text),
    place: firstPlace(data),
  });
  return bySeverity([
    ...analysis.findings.map((finding) =>
      remark(finding.code, finding.severity, finding.data, textOf(texts.findings, finding)),
    ),
    ...analysis.vectors.map((finding) =>
      remark(finding.code, finding.severity, finding.data, textOf(texts.vectors, finding)),
    ),
    ...(analysis.hazards ?? []).map((hazard) =>
      remark(hazard.code, hazard.severity, hazard.data, texts.hazard(hazard)),
    ),
  ]);
}

/** The words of a Markdown text. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll('`', '')
    .replaceAll(String.raw`\|`, '|')
    .replaceAll('\n', ' ');

/** The first place within the data of a finding. */
function firstPlace(data: unknown): Place | null {
  if (typeof data !== 'object' || data === null) return null;
  const { file, line } = data as Partial<Place>;
  if (typeof file === 'string' && typeof line === 'number') return { file, line };
  for (const value of Object.values(data)) {
    const place = firstPlace(value);
    if (place) return place;
  }
  return null;
}
