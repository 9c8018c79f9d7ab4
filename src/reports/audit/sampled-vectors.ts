import { type DatabaseSnapshot, sampledColumns, type VectorSample } from '../../audit/index.js';
import { isUnread } from '../../findings.js';
import type { AuditFigures } from '../text/audit-figures.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, table } from '../text/markdown.js';

/** What a few rows of each column of vectors hold. */
export function sampledVectors({ vectorSamples, ...parts }: DatabaseSnapshot, { words, figures, sampled }: AuditFrame) {
  if (isUnread(vectorSamples) || vectorSamples.columns.length === 0) return [];
  const columns = words.sampledColumns;
  return [
    `## ${words.sampledVectors}`,
    sampled(vectorSamples.leftOut),
    table(
      [
        columns.column,
        `${columns.rows}>`,
        `${columns.zero}>`,
        `${columns.notUnit}>`,
        `${columns.lengths}>`,
        `${columns.sharing}>`,
      ],
      sampledColumns(vectorSamples, parts).map(({ sample, table: of, column }) => [
        code(`${of.name}.${column.name}`),
        figures.count(sample.rows),
        withInterval(sample.zero, (share) => figures.percent(share)),
        figures.percent(sample.notUnit.value),
        lengths(sample, figures),
        withInterval(sample.rowsPerVector, (rows) => figures.decimal(rows, 1)),
      ]),
    ),
  ];
}

function lengths({ lengths: [least, greatest] }: VectorSample, { decimal }: AuditFigures): string {
  return `${decimal(least, 3)}–${decimal(greatest, 3)}`;
}

const withInterval = ({ value, low, high }: VectorSample['zero'], write: (figure: number) => string): string =>
  low === high ? write(value) : `${write(value)} [${write(low)}; ${write(high)}]`;
