import { type DatabaseSnapshot, unjudgedIndexes } from '../../audit/index.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, table } from '../text/markdown.js';

/** The indexes whose bloat the catalog cannot show, so that silence about them is not taken for health. */
export function unjudgedSection(facts: DatabaseSnapshot, { words, figures }: AuditFrame): string[] {
  const found = unjudgedIndexes(facts);
  if (found.length === 0) return [];
  const columns = words.unjudgedColumns;
  return [
    `## ${words.unjudged}`,
    words.unjudgedWhy,
    table(
      [columns.index, columns.method, `${columns.size}>`, columns.look],
      found.map(({ index: { schema, name, method, bytes }, look }) => [
        code(`${schema}.${name}`),
        code(method),
        figures.bytes(bytes),
        look === null ? '' : code(look),
      ]),
    ),
  ];
}
