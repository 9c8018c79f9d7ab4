import type { DatabaseSnapshot } from '../../audit/index.js';
import { isUnread } from '../../findings.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, escapeText, table } from '../text/markdown.js';

/** Recall of each index on vectors, where it was measured. */
export function measuredIndexes(
  { measured, indexes }: DatabaseSnapshot,
  { words, figures, outcome }: AuditFrame,
): string[] {
  if (isUnread(measured) || measured.length === 0) return [];
  const columns = words.measuredColumns;
  return [
    `## ${words.measuredIndexes}`,
    table(
      [columns.index, `${columns.recall}>`, `${columns.queries}>`, `${columns.median}>`, columns.settings],
      measured.map(({ indexOid, recall, queries, medianMs, settings, ...one }) => [
        code(indexes.find(({ oid }) => oid === indexOid)?.name ?? ''),
        recall ? figures.recall(recall) : escapeText(outcome[one.outcome]),
        recall ? figures.count(queries) : '',
        medianMs === null ? '' : figures.ms(medianMs),
        escapeText(settings.join(', ')),
      ]),
    ),
  ];
}
