import { groupBy } from '../../../group-by.js';
import { escapeText, list } from '../../text/markdown.js';
import { plainText, type RunView, tuneAnswer } from '../run-view.js';

/** Which indexes the search considered and did not recommend, and why. */
export function rejectedSection(run: RunView): string {
  const rejected = tuneAnswer(run)?.rejected ?? [];
  if (rejected.length === 0) return '';
  const bySentence = groupBy(rejected, ({ why }) => plainText(run.texts.whyNot, why));
  const items = [...bySentence].map(
    ([sentence, alike]) =>
      `**${escapeText(alike.map(({ choice }) => run.texts.names.spec(choice.spec)).join('; '))}**: ${escapeText(sentence)}`,
  );
  return `## ${run.texts.sections.rejected.heading}\n\n${list(items)}`;
}
