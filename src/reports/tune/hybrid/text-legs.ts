import type { FusionChoice, HybridAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { textLeg } from '../../../workloads/index.js';
import { escapeText, list, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { fusionName, qualityText } from './names.js';

/** How much of the table the text finds, and the words that find too much of it. */
export function textLegsPart({ texts }: RunView, { textLegs, rows, filter, queries }: HybridAnswer): string {
  const { matches, frequent } = texts.hybrid.textLegs;
  const share = (count: number): string => formatPercent(count / rows, 1);
  const ofMatching = (count: number): string => formatPercent(Math.min(1, count / (filter?.meanRows ?? rows)), 1);
  return list(
    textLegs.flatMap(({ text, figures }) => [
      escapeText(
        matches(texts.hybrid.textLegTitles[textLeg(text.method).name], {
          median: ofMatching(figures.matches.median),
          mean: ofMatching(figures.matches.mean),
          max: ofMatching(figures.matches.max),
          without: figures.withoutMatch,
          queries,
        }),
      ),
      ...(figures.withFrequentWord > 0
        ? [
            escapeText(
              frequent(
                figures.withFrequentWord,
                queries,
                figures.frequentWords.map((word) => ({ word: word.word, share: share(word.rows) })),
              ),
            ),
          ]
        : []),
    ]),
  );
}

/** What the first rows of each fusion are worth to a re-ranker. */
export function candidatesPart(run: RunView, { fusions }: HybridAnswer): string {
  const { texts } = run;
  const { hybridSections } = texts.sections;
  const judged = fusions.filter(({ candidates }) => candidates.length > 0);
  const depths = [...new Set(judged.flatMap(({ candidates }) => candidates.map(({ depth }) => depth)))];
  if (depths.length === 0) return '';
  const rows = judged.map((fusion) => [
    escapeText(fusionName(run, fusion, fusions)),
    ...depths.map((depth) => {
      const found = fusion.candidates.find((candidate) => candidate.depth === depth);
      return found ? `${qualityText(found.recall)}; ${found.ndcg.value.toFixed(3)}` : '';
    }),
  ]);
  return [
    `### ${hybridSections.candidates}`,
    escapeText(texts.hybrid.candidates.intro),
    table([hybridSections.candidatesRecall, ...depths.map((depth) => hybridSections.first(depth))], rows),
    rerankedPart(run, judged, depths),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function rerankedPart(run: RunView, fusions: readonly FusionChoice[], depths: readonly number[]): string {
  const rows = fusions
    .filter(({ candidates }) => candidates.some(({ reranked }) => reranked !== null))
    .map((fusion) => [
      escapeText(fusionName(run, fusion, fusions)),
      ...depths.map((depth) => {
        const after = fusion.candidates.find((candidate) => candidate.depth === depth)?.reranked;
        return after ? `${qualityText(after.ndcg)} (${formatPercent(after.scored, 0)})` : '';
      }),
    ]);
  if (rows.length === 0) return '';
  const { reranked, first } = run.texts.sections.hybridSections;
  return [
    escapeText(run.texts.hybrid.candidates.reranked),
    table([reranked, ...depths.map((depth) => first(depth))], rows),
  ].join('\n\n');
}
