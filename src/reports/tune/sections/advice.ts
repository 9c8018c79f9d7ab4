import { describeRepresentation, describeSettings, describeSpec } from '../../../indexes/index.js';
import type { Advice } from '../../../results/index.js';
import { formatCount, formatMs } from '../../../units.js';
import { textOf } from '../../text/index.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { reuseSentence } from '../reuse.js';
import { plainText, type RunView, tuneAnswer } from '../run-view.js';

/** What the search knows beside its recommendation; empty for answers that say nothing of it. */
export function adviceSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (!answer?.advice) return '';
  const { relaxed, waysOut } = answer.advice;
  return [
    '## Trade-offs',
    list(remarks(run, answer.advice)),
    ...(relaxed.length > 0 ? ['If one bound were relaxed:', relaxedTable(run, relaxed)] : []),
    ...(waysOut.length > 0
      ? ['Ways out:', list(waysOut.map((way) => escapeText(textOf(run.texts.waysOut, way))))]
      : []),
  ].join('\n\n');
}

function remarks(
  run: RunView,
  { binding, growth, stranded, defaults, representations, effort }: Advice,
): readonly string[] {
  const { texts } = run;
  return [
    ...(binding ? [`**Bounds.** ${escapeText(textOf(texts.bindings, binding))}`] : []),
    ...(stranded ? [`**Queries that find nothing.** ${escapeText(textOf(texts.strandedQueries, stranded))}`] : []),
    ...(defaults ? [`**Defaults.** ${escapeText(textOf(texts.defaultIndexes, defaults))}`] : []),
    ...(growth ? [`**Growth.** ${escapeText(textOf(texts.growths, growth))}`] : []),
    ...representations.map((stored) => {
      const verdict = texts.verdicts[stored.verdict];
      const why = escapeText(plainText(texts.representations, stored.why));
      return `**Representation ${describeRepresentation(stored)}: ${verdict}.** ${why}`;
    }),
    `**Search effort.** ${effort.wholeBuilds} ${effort.wholeBuilds === 1 ? 'index' : 'indexes'} on all rows${
      effort.subsetRows === null
        ? ''
        : `, ${effort.subsetBuilds} on ${formatCount(effort.subsetRows)} random rows to select candidates`
    }, ${effort.points} points; ${formatMs(1000 * effort.buildSeconds)} spent building. ${escapeText(reuseSentence(run))}`.trim(),
  ];
}

const relaxedTable = ({ texts }: RunView, relaxed: Advice['relaxed']): string =>
  table(
    ['bound', 'index', 'settings', 'it would take'],
    relaxed.map(({ need, spec, settings, point }) => [
      texts.bounds[need.code],
      escapeText(describeSpec(spec)),
      point === null ? 'not built' : escapeText(describeSettings(settings)),
      escapeText(textOf(texts.needs, need)),
    ]),
  );
