import { describeSettings } from '../../../indexes/index.js';
import { textOf } from '../../text/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { type RunView, tuneAnswer } from '../run-view.js';

/** The points that come nearest to a target that was not reached. */
export function nearestSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (answer?.verdict !== 'not reached' || answer.nearest.length === 0) return '';
  const { names, sections } = run.texts;
  const { nearest, words } = sections;
  return [
    `## ${nearest.heading}`,
    table(
      [words.index, words.settings, nearest.unmet],
      answer.nearest.map(({ choice, unmet }) => [
        escapeText(names.spec(choice.spec)),
        escapeText(describeSettings(choice.settings)),
        escapeText(unmet.map((one) => textOf(run.texts.unmet, one)).join('; ')),
      ]),
    ),
  ].join('\n\n');
}
