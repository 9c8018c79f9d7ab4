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
  const { hybridSections: texts } = run.texts.sections;
  const parts = tuned.map((fusion) =>
    judged === null ? unjudgedWeights(run, fusion, { fusions, k }) : judgedWeights(run, fusion, fusions),
  );
  return [`### ${texts.weights}`, judged === null ? texts.weightsUnjudged(k) : texts.weightsJudged, ...parts].join(
    '\n\n',
  );
}

function judgedWeights(run: RunView, fusion: FusionChoice, all: readonly FusionChoice[]): string {
  const { variants, gain, choicesByFold } = fusion;
  const { words, hybridSections: texts } = run.texts.sections;
  const verdict = !gain
    ? texts.tooFewJudged
    : gain.verdict === 'better'
      ? texts.chosen(code(variantText(run, fusion.settings, fusion)), differenceText(gain))
      : gain.verdict === 'worse'
        ? texts.choosingHarms(differenceText(gain))
        : texts.noDifference(differenceText(gain));
  const folds = choicesByFold !== null && choicesByFold > 1 ? ` ${texts.folds(choicesByFold)}` : '';
  const compared = variants
    .flatMap((variant) => (variant.againstBase ? [{ ...variant, againstBase: variant.againstBase }] : []))
    .toSorted((a, b) => b.againstBase.difference.value - a.againstBase.difference.value);
  const usual = compared.filter(({ settings }) => settings['vector_weight'] === 0.7);
  const shown = [...new Set([...compared.slice(0, SHOWN_VARIANTS), ...usual])];
  return [
    `**${escapeText(fusionName(run, fusion, all))}**. ${verdict}${folds}`,
    table(
      [texts.variant, texts.againstEqual, texts.verdict, `${texts.rowsInCommon}>`],
      shown.map(({ settings, againstBase, overlapWithBase }) => [
        code(variantText(run, settings, fusion)),
        differenceText(againstBase),
        words.verdict[againstBase.verdict],
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
  return run.texts.sections.hybridSections.byWeight(escapeText(fusionName(run, fusion, fusions)), cells);
}

const isDefaultBesideWeight = (settings: HybridOption['settings'], { base }: FusionChoice): boolean =>
  Object.entries(settings).every(([name, value]) => name === 'vector_weight' || base[name] === value);

/** What distinguishes a variant from the others. */
function variantText({ texts }: RunView, settings: HybridOption['settings'], { variants }: FusionChoice): string {
  const differing = Object.entries(settings).filter(([name]) =>
    variants.some((other) => other.settings[name] !== variants[0]!.settings[name]),
  );
  const text = describeSettings(Object.fromEntries(differing));
  return text === '–' ? texts.sections.hybridSections.variantDefaults : text;
}

export function hybridDepthsPart(run: RunView, { fusions }: HybridAnswer): string {
  const { hybridSections: texts } = run.texts.sections;
  const rows = fusions.flatMap((fusion) =>
    fusion.depths.map(({ side, measure, deepest, points, enough }) => [
      escapeText(fusionName(run, fusion, fusions)),
      texts.sides[side],
      points.map(({ depth, againstDeepest }) => `${depth}: ${differenceText(againstDeepest)}`).join('; '),
      enough === deepest ? texts.deepestTried(enough) : String(enough),
      measure === 'ndcg' ? 'nDCG' : texts.rowsInCommon,
    ]),
  );
  if (rows.length === 0) return '';
  return [
    `### ${texts.depths}`,
    texts.depthsIntro,
    table([texts.fusion, texts.leg, texts.againstDeepest, `${texts.enough}>`, texts.measuredIn], rows),
  ].join('\n\n');
}

/** Fusions that are one leg alone by another name. */
export function degenerateFusionsPart(run: RunView, { fusions, queries }: HybridAnswer): string {
  const { textShutOut, sameRows } = run.texts.hybrid.degenerate;
  const { vectorLegAlone, textLegAlone } = run.texts.sections.hybridSections;
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
        ...(vector === queries ? [escapeText(sameRows(name, vectorLegAlone, vector, queries))] : []),
        ...(text === queries ? [escapeText(sameRows(name, textLegAlone, text, queries))] : []),
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
