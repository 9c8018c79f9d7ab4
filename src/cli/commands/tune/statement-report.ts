import type { TunedStatement } from '../../../experiment/index.js';
import { escapeText, fencedBlock, markdownTable, recallText, shortQuantileText } from '../../../reports/index.js';
import { printable } from '../../../printable.js';
import { formatBytes, formatCount, formatMs } from '../../../units.js';
import { plansText } from '../../plans-text.js';
import { changeOf, conditionsOf, nameOf, remarksOn } from './statement-print.js';

/** The report of a tuned statement, in Markdown. */
export function statementReport(tuned: TunedStatement, server: string): string {
  const { best, options, statement, k, target } = tuned;
  const rows = options.map((option) => {
    const { measured, plan, plans, bytes, buildSeconds, reached } = option;
    return [
      escapeText(nameOf(option)),
      measured ? recallText(measured.recall.mean) : '–',
      measured ? shortQuantileText(measured.latencyMs.again, 0.5) : '–',
      measured ? shortQuantileText(measured.latencyMs.again, 0.95) : '–',
      measured ? formatCount(Math.round(measured.buffers.mean.value)) : '–',
      formatBytes(bytes),
      formatMs(1000 * buildSeconds),
      option === best ? 'recommended' : reached ? 'reaches the target' : measured ? 'misses the target' : 'not used',
      escapeText(plansText(plans) ?? plan),
    ];
  });
  const columns = [
    'index and settings',
    `recall@${k}>`,
    'p50>',
    'p95>',
    'buffers>',
    'size>',
    'build>',
    'verdict',
    'plan',
  ];
  const sections = [
    "# The application's statement",
    best
      ? `**Recommended:** ${escapeText(nameOf(best))}: the fastest that is shown to reach recall@${k} ${target}.`
      : `No index that was tried is shown to reach recall@${k} ${target}.`,
    fencedBlock('sql', statement.split('\n').map(printable)),
    ...(best
      ? [
          '## The change to make',
          fencedBlock('sql', changeOf(best, tuned).map(printable)),
          ...remarksOn(best, tuned.copied).map(remarkText),
        ]
      : []),
    '## Evidence',
    markdownTable(columns, rows),
    '## How it was measured',
    conditionsOf(tuned, server)
      .map((line) => `- ${escapeText(line)}`)
      .join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A line that is indented is SQL. */
const remarkText = (line: string): string =>
  line.startsWith(' ') ? fencedBlock('sql', [line.trim()]) : escapeText(line);
