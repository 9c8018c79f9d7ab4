import { describeSettings, describeSpec, describeRepresentation } from '../../../indexes/index.js';
import { BOUND_TITLES } from '../../../tune/index.js';
import { formatCount, formatMs } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { reuseSentence } from '../reuse.js';
import { type RunView, tuneAnswer, withReason } from '../run-view.js';

/** What the search knows beside its recommendation; empty for answers that say nothing of it. */
export function adviceSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (!answer?.advice) return '';
  const { binding, growth, defaults, representations, relaxed, waysOut, effort } = answer.advice;
  const sentences = [
    ...(binding ? [`**What ${answer.recommendation ? 'decides' : 'blocks'}.** ${escapeText(binding)}`] : []),
    ...(defaults ? [`**The defaults.** ${escapeText(defaults)}`] : []),
    ...(growth ? [`**Growth.** ${escapeText(growth)}`] : []),
    ...representations.map((stored) => {
      // It may be smaller.
      const verdict = stored.verdict === 'no gain' ? 'no quicker' : stored.verdict;
      return `**Representation ${describeRepresentation(stored)}: ${verdict}.** ${escapeText(withReason(run, stored.why, stored.reason))}`;
    }),
    `**What the search took.** ${effort.wholeBuilds} ${effort.wholeBuilds === 1 ? 'index' : 'indexes'} on all rows${
      effort.subsetRows === null
        ? ''
        : `, ${effort.subsetBuilds} on ${formatCount(effort.subsetRows)} random rows to choose them by`
    }, ${effort.points} points; ${formatMs(1000 * effort.buildSeconds)} of building. ${escapeText(reuseSentence(run))}`.trim(),
  ];
  return [
    '## What follows from it',
    list(sentences),
    ...(relaxed.length > 0
      ? [
          'What would have to give, one bound at a time:',
          table(
            ['bound', 'index', 'settings', 'would have to be'],
            relaxed.map(({ bound, spec, settings, point, needs }) => [
              BOUND_TITLES[bound],
              escapeText(describeSpec(spec)),
              point === null ? 'not built' : escapeText(describeSettings(settings)),
              escapeText(needs),
            ]),
          ),
        ]
      : []),
    ...(waysOut.length > 0 ? ['Ways out:', list(waysOut.map((text) => escapeText(text)))] : []),
  ].join('\n\n');
}
