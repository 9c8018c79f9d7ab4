import { describeSpec } from '../../../indexes/index.js';
import { escapeText, list } from '../../text/markdown.js';
import { type RunView, tuneAnswer, withReason } from '../run-view.js';

/** Which indexes the search considered and did not recommend, and why. */
export function rejectedSection(run: RunView): string {
  const rejected = tuneAnswer(run)?.rejected ?? [];
  if (rejected.length === 0) return '';
  const items = rejected.map(
    ({ choice, why, reason }) =>
      `**${escapeText(describeSpec(choice.spec))}**: ${escapeText(withReason(run, why, reason))}`,
  );
  return `## Considered and rejected\n\n${list(items)}`;
}
