import { describeSettings } from '../../../indexes/index.js';
import type { FusionChoice, HybridAnswer, HybridOption } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { code, escapeText, list, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { differenceText, fusionName } from './names.js';

const SHOWN_VARIANTS = 6;

/** The effect of weights and constants, by the judgements; or how little or much they change. */
export function hybridWeightsPart(run: RunView, { fusions, judged, k }: HybridAnswer): string {
  const tuned = fusions.filter(({ variants }) => variants.length > 1);
  if (tuned.length === 0) return '';
  const parts = tuned.map((fusion) =>
    judged === null ? unjudgedWeights(run, fusion, { fusions, k }) : judgedWeights(run, fusion, fusions),
  );
  return [
    '### Weights and constants',
    judged === null
      ? `From exact legs: how many of the ${k} rows that equal weights return also come back with other weights.`
      : 'From exact legs, over the judged queries, against equal weights and defaults. A variant is taken only if cross-validation shows it to be better on queries that had no part in choosing it.',
    ...parts,
  ].join('\n\n');
}

function judgedWeights(run: RunView, fusion: FusionChoice, all: readonly FusionChoice[]): string {
  const { variants, gain, choicesByFold } = fusion;
  const verdict = !gain
    ? 'There are too few judged queries to choose.'
    : gain.verdict === 'better'
      ? `Chosen: ${code(variantText(fusion.settings, fusion))}; it gains ${differenceText(gain)} nDCG on unseen queries.`
      : gain.verdict === 'worse'
        ? `Choosing by these queries makes unseen ones worse (${differenceText(gain)}), so equal weights are kept.`
        : `**No difference shown**: choosing gains ${differenceText(gain)} nDCG on unseen queries, so equal weights are kept.`;
  const folds =
    choicesByFold !== null && choicesByFold > 1
      ? ` Cross-validation chose ${choicesByFold} different variants, depending on which tenth of the queries was left out.`
      : '';
  const compared = variants
    .flatMap((variant) => (variant.againstBase ? [{ ...variant, againstBase: variant.againstBase }] : []))
    .toSorted((a, b) => b.againstBase.difference.value - a.againstBase.difference.value);
  const usual = compared.filter(({ settings }) => settings['vector_weight'] === 0.7);
  const shown = [...new Set([...compared.slice(0, SHOWN_VARIANTS), ...usual])];
  return [
    `**${escapeText(fusionName(run, fusion, all))}**. ${verdict}${folds}`,
    table(
      ['variant', 'nDCG against equal weights [95 %]', 'verdict', 'rows in common>'],
      shown.map(({ settings, againstBase, overlapWithBase }) => [
        code(variantText(settings, fusion)),
        differenceText(againstBase),
        againstBase.verdict,
        formatPercent(overlapWithBase, 0),
      ]),
    ),
  ].join('\n\n');
}

function unjudgedWeights(
  run: RunView,
  fusion: FusionChoice,
  { fusions, k }: Pick<HybridAnswer, 'fusions' | 'k'>,
): string {
  const cells = fusion.variants
    .slice(1)
    .filter(({ settings }) => isDefaultBesideWeight(settings, fusion))
    .map(
      ({ settings, overlapWithBase }) => `${Number(settings['vector_weight'])}: ${(k * overlapWithBase).toFixed(1)}`,
    );
  if (cells.length === 0) return '';
  return `${escapeText(fusionName(run, fusion, fusions))}, by the weight of the vector leg: ${cells.join(', ')}.`;
}

const isDefaultBesideWeight = (settings: HybridOption['settings'], { base }: FusionChoice): boolean =>
  Object.entries(settings).every(([name, value]) => name === 'vector_weight' || base[name] === value);

/** What distinguishes a variant from the others. */
function variantText(settings: HybridOption['settings'], { variants }: FusionChoice): string {
  const differing = Object.entries(settings).filter(([name]) =>
    variants.some((other) => other.settings[name] !== variants[0]!.settings[name]),
  );
  const text = describeSettings(Object.fromEntries(differing));
  return text === '–' ? 'defaults' : text;
}

export function hybridDepthsPart(run: RunView, { fusions }: HybridAnswer): string {
  const rows = fusions.flatMap((fusion) =>
    fusion.depths.map(({ side, measure, deepest, points, enough }) => [
      escapeText(fusionName(run, fusion, fusions)),
      side,
      points.map(({ depth, againstDeepest }) => `${depth}: ${differenceText(againstDeepest)}`).join('; '),
      `${enough}${enough === deepest ? ' (the greatest tried)' : ''}`,
      measure === 'ndcg' ? 'nDCG' : 'rows in common',
    ]),
  );
  if (rows.length === 0) return '';
  return [
    '### Candidates per leg',
    'Over exact legs, one truncated at a depth, the other at its greatest: the loss against the greatest depth, and the lowest depth from which the loss stays within the target.',
    table(['fusion', 'leg', 'against the greatest depth [95 %]', 'enough>', 'measured in'], rows),
  ].join('\n\n');
}

/** Fusions that are one leg alone by another name. */
export function degenerateFusionsPart(run: RunView, { fusions, queries }: HybridAnswer): string {
  const { textShutOut, sameRows } = run.texts.hybrid.degenerate;
  const both = fusions.filter(
    ({ strategy, textShutOut: isShutOut, sameRowsAs }) =>
      !strategy.endsWith('-only') && (isShutOut || Object.values(sameRowsAs).includes(queries)),
  );
  return list(
    both.flatMap((fusion) => {
      const name = fusionName(run, fusion, fusions);
      const { vector, text } = fusion.sameRowsAs;
      return [
        ...(fusion.textShutOut ? [escapeText(textShutOut(name))] : []),
        ...(vector === queries ? [escapeText(sameRows(name, 'the vector leg alone', vector, queries))] : []),
        ...(text === queries ? [escapeText(sameRows(name, 'the text leg alone', text, queries))] : []),
      ];
    }),
  );
}

/** What BM25 would make of the text, with or without an extension that has it. */
export function bm25Part({ texts }: RunView, { bm25, fusions }: HybridAnswer): string {
  return bm25
    .map(({ text, ndcg, againstRank }) => {
      const ofRank = fusions.find(
        (fusion) => fusion.strategy === 'text-only' && fusion.text.method === text.method,
      )?.ndcg;
      return escapeText(
        texts.hybrid.bm25[againstRank.verdict]({
          ndcg: ndcg.value.toFixed(3),
          ofRank: ofRank ? ofRank.value.toFixed(3) : '?',
          difference: differenceText(againstRank),
        }),
      );
    })
    .join('\n\n');
}
