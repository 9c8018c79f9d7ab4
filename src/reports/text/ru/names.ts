import { describeChoice, describeColumnIndex, describeSettings, describeSpec } from '../../../indexes/index.js';
import { describeScans } from '../../../workloads/index.js';
import type { RunTexts } from '../run-texts.js';
import { onRandomRows } from './plural.js';

const EXACT_SCAN = 'точный перебор';

const GROUPS: Readonly<Record<string, string | undefined>> = {
  'exact scan': EXACT_SCAN,
  warm: 'тёплый кэш',
  prewarmed: 'прогрет pg_prewarm',
  cold: 'холодный кэш',
  partial: 'частично в кэше',
};

/** Several indexes of one scan are joined by a word. */
const recordedScans = (scans: string): string => scans.replaceAll(/(?<= using [^+]*) and /g, ' и ');

/** How indexes are called. */
const PARTITIONED_BY = { list: 'значениям', range: 'диапазонам', hash: 'хешу' };

export const names: RunTexts['names'] = {
  spec: (spec) => (spec.method === 'none' ? EXACT_SCAN : describeSpec(spec)),
  choice: (choice) => {
    if (choice.spec.method !== 'none') return describeChoice(choice);
    const settings = describeSettings(choice.settings);
    return settings === '–' ? EXACT_SCAN : `${EXACT_SCAN}, ${settings}`;
  },
  group: (group) =>
    group
      .split(', ')
      .map((part) => GROUPS[part] ?? part)
      .join(', '),
  layout: (layout) => {
    if (layout?.kind === 'partitioned') return `секций по хешу id: ${layout.partitions}`;
    return layout?.kind === 'sharded' ? `шардов по остатку id: ${layout.shards}` : 'одна таблица';
  },
  columnIndex: (index) => describeColumnIndex(index).replace(' on ', ' по '),
  scans: (scans) => (scans.length === 0 ? 'таблица не читается' : recordedScans(describeScans(scans))),
  recordedScans,
  onRandomRows: (spec, rows) => `${spec} ${onRandomRows(rows)}`,
  partitions: (spec, partitions, kind, column) => `${spec}, секций по ${PARTITIONED_BY[kind]} ${column}: ${partitions}`,
  partial: (spec, indexes, predicate) =>
    indexes === 1
      ? `${spec}, частичный WHERE ${predicate}`
      : `${spec}, частичных: ${indexes}, например WHERE ${predicate}`,
};
