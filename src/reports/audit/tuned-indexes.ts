import type { DatabaseSnapshot, TunedChoice } from '../../audit/index.js';
import { isUnread } from '../../findings.js';
import { describeChoice } from '../../indexes/index.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, escapeText, table } from '../text/markdown.js';

/** Each index on vectors as it is, beside what was recommended on a sample of its table, where that was measured. */
export function tunedIndexes({ tuned, indexes }: DatabaseSnapshot, frame: AuditFrame): string[] {
  if (isUnread(tuned) || tuned.length === 0) return [];
  const { words, figures, notTuned, sample: sampleText } = frame;
  const columns = words.tunedColumns;
  const cells = ({ recall, p95Ms, pages, bytes }: TunedChoice): readonly string[] => [
    figures.recall(recall),
    p95Ms === null ? '' : figures.ms(p95Ms),
    figures.count(Math.round(pages.value)),
    figures.bytes(bytes),
  ];
  return [
    `## ${words.tunedIndexes}`,
    escapeText(frame.tuned(tuned)),
    table(
      [
        columns.index,
        '',
        `${columns.sample}>`,
        `${columns.recall}>`,
        `${columns.p95}>`,
        `${columns.pages}>`,
        `${columns.size}>`,
      ],
      tuned.flatMap(({ indexOid, sample, existing, recommended, outcome }) => {
        const index = code(indexes.find(({ oid }) => oid === indexOid)?.name ?? '');
        const rows = sample === null ? '' : escapeText(sampleText(sample));
        const line = (word: string, choice: TunedChoice | null): readonly string[][] =>
          choice === null ? [] : [[index, escapeText(`${word}: ${choiceText(choice)}`), rows, ...cells(choice)]];
        return [
          ...line(columns.today, existing),
          ...line(columns.recommended, recommended),
          ...(outcome === 'tuned' ? [] : [[index, escapeText(notTuned[outcome]), rows, '', '', '', '']]),
        ];
      }),
    ),
  ];
}

const choiceText = ({ settings, ...spec }: TunedChoice): string => describeChoice({ spec, settings });
