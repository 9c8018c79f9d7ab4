import { describeRepresentation, describeSettings } from '../../../indexes/index.js';
import type { Advice } from '../../../results/index.js';
import { textOf } from '../../text/index.js';
import { escapeText, list, table } from '../../text/markdown.js';
import { reuseSentence } from '../reuse.js';
import { plainText, type RunView, tuneAnswer } from '../run-view.js';

/** What the search knows beside its recommendation; empty for answers that say nothing of it. */
export function adviceSection(run: RunView): string {
  const answer = tuneAnswer(run);
  if (!answer?.advice) return '';
  const { relaxed, waysOut } = answer.advice;
  const { tradeOffs } = run.texts.sections;
  return [
    `## ${tradeOffs.heading}`,
    list(remarks(run, answer.advice)),
    ...(relaxed.length > 0 ? [tradeOffs.relaxed, relaxedTable(run, relaxed)] : []),
    ...(waysOut.length > 0
      ? [tradeOffs.waysOut, list(waysOut.map((way) => escapeText(textOf(run.texts.waysOut, way))))]
      : []),
  ].join('\n\n');
}

function remarks(
  run: RunView,
  { binding, growth, stranded, defaults, representations, effort }: Advice,
): readonly string[] {
  const { texts } = run;
  const { tradeOffs } = texts.sections;
  return [
    ...(binding ? [`**${tradeOffs.bounds}.** ${escapeText(textOf(texts.bindings, binding))}`] : []),
    ...(stranded ? [`**${tradeOffs.stranded}.** ${escapeText(textOf(texts.strandedQueries, stranded))}`] : []),
    ...(defaults ? [`**${tradeOffs.defaults}.** ${escapeText(textOf(texts.defaultIndexes, defaults))}`] : []),
    ...(growth ? [`**${tradeOffs.growth}.** ${escapeText(textOf(texts.growths, growth))}`] : []),
    ...representations.map((stored) => {
      const verdict = texts.verdicts[stored.verdict];
      const why = escapeText(plainText(texts.representations, stored.why));
      return `**${tradeOffs.representation(describeRepresentation(stored), verdict)}.** ${why}`;
    }),
    `**${tradeOffs.effort}.** ${tradeOffs.effortText(effort)} ${escapeText(reuseSentence(run))}`.trim(),
  ];
}

function relaxedTable({ texts }: RunView, relaxed: Advice['relaxed']): string {
  const { words, tradeOffs } = texts.sections;
  return table(
    [tradeOffs.bound, words.index, words.settings, tradeOffs.itWouldTake],
    relaxed.map(({ need, spec, settings, point }) => [
      texts.bounds[need.code],
      escapeText(texts.names.spec(spec)),
      point === null ? tradeOffs.notBuilt : escapeText(describeSettings(settings)),
      escapeText(textOf(texts.needs, need)),
    ]),
  );
}
