import { describeSettings, describeSpec } from '../../../indexes/index.js';
import { textOf } from '../../text/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { type RunView, tuneAnswer } from '../run-view.js';

/** The points that come nearest to a target that was not reached. */
export function nearestSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (answer?.verdict !== 'not reached' || answer.nearest.length === 0) return '';
  return [
    '## Nearest configurations',
    table(
      ['index', 'settings', 'what is not met'],
      answer.nearest.map(({ choice, unmet }) => [
        escapeText(describeSpec(choice.spec)),
        escapeText(describeSettings(choice.settings)),
        escapeText(unmet.map((one) => textOf(run.texts.unmet, one)).join('; ')),
      ]),
    ),
  ].join('\n\n');
}
