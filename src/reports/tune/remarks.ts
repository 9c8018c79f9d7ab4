import type { RecordedFinding } from '../../results/index.js';
import { textOf } from '../text/index.js';
import { escapeText, list } from '../text/markdown.js';
import type { RunView } from './run-view.js';

/** Findings as a list, each kind once, with how many more it concerns. */
export function remarks(
  { texts }: Pick<RunView, 'texts'>,
  findings: readonly RecordedFinding[],
  what: 'points' | 'loads',
): string {
  const counted = new Map<string, { readonly first: RecordedFinding; readonly count: number }>();
  for (const finding of findings) {
    const before = counted.get(finding.code);
    counted.set(finding.code, { first: before?.first ?? finding, count: (before?.count ?? 0) + 1 });
  }
  return list(
    [...counted.values()].map(
      ({ first, count }) =>
        `${escapeText(textOf(texts.findings, first))}${
          count > 1 ? ` (${texts.sections.words.firstOfSuch[what](count)})` : ''
        }`,
    ),
  );
}
