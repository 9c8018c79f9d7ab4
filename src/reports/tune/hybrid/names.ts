import { describeSettings } from '../../../indexes/index.js';
import {
  type Difference,
  type Estimate,
  type HybridObstacle,
  type HybridOption,
  planInstead,
  type PointRecord,
} from '../../../results/index.js';
import { hybridStrategy, textLeg } from '../../../workloads/index.js';
import { textOf } from '../../text/index.js';
import { escapeText } from '../../text/markdown.js';
import { quantileMsText } from '../../text/figures.js';
import { type RunView, withoutKeys } from '../run-view.js';

/** What distinguishes one option from another. */
export type Named = Pick<HybridOption, 'strategy' | 'text' | 'spec'>;

/** An option in words: how the text is searched where there are several ways to, and the vector index if it has one. */
export function optionName(run: Pick<RunView, 'texts'>, option: Named, all: readonly Named[]): string {
  const { spec, strategy } = option;
  const { names, sections } = run.texts;
  const isIndexed = spec.method !== 'none';
  const isScanned = !isIndexed && all.some((other) => other.strategy === strategy && other.spec.method !== 'none');
  const index = isIndexed ? ` (${names.spec(spec)})` : isScanned ? ` (${sections.hybridSections.exact})` : '';
  return `${fusionName(run, option, all)}${index}`;
}

/** A strategy in words, whatever the vector index. */
export function fusionName(
  { texts }: Pick<RunView, 'texts'>,
  { strategy, text }: Pick<Named, 'strategy' | 'text'>,
  all: readonly Pick<Named, 'text'>[],
): string {
  const title = texts.hybrid.strategies[hybridStrategy(strategy).name];
  const isOnly = strategy === 'vector-only' || all.every((other) => other.text.method === text.method);
  if (isOnly) return title;
  return texts.sections.hybridSections.textBy(title, texts.hybrid.textLegTitles[textLeg(text.method).name]);
}

/** An option with its settings, median and quality; no Markdown. */
export function optionFigures(run: RunView, option: HybridOption, all: readonly HybridOption[]): string {
  const measured = pointOfOption(run, option)?.measured;
  const settings = describeSettings(option.settings);
  const judged = measured?.ranking?.judged;
  return [
    optionName(run, option, all),
    ...(settings === '–' ? [] : [settings]),
    ...(measured ? [`p50 ${quantileMsText(run, measured, 0.5)}`] : []),
    ...(judged ? [`nDCG ${judged.ndcg.value.toFixed(3)}`] : []),
  ].join(', ');
}

/** An option with its settings, for Markdown. */
export const optionText = (run: Pick<RunView, 'texts'>, option: HybridOption, all: readonly HybridOption[]): string => {
  const settings = describeSettings(option.settings);
  return `${escapeText(optionName(run, option, all))}${settings === '–' ? '' : `, ${escapeText(settings)}`}`;
};

/** Why an option is no answer: the plan that the server chose instead, if that is why; empty when it may be one. */
export function obstacleText({ texts }: Pick<RunView, 'texts'>, why: HybridObstacle | null): string {
  if (why === null) return '';
  const scans = why.code === 'other-plan' ? planInstead(why) : null;
  return withoutKeys(scans ? texts.names.scans(scans) : textOf(texts.hybrid.obstacles, why));
}

export const pointOfOption = (run: RunView, { point }: Pick<HybridOption, 'point'>): PointRecord | undefined =>
  point === null ? undefined : run.workloadPoints.get(point);

/** `−0.012 [−0.031, +0.006]` */
export const differenceText = ({ difference: { value, low, high } }: Difference): string =>
  `${signed(value)} [${signed(low ?? -1)}, ${signed(high ?? 1)}]`;

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return `${value < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}

/** `0.854 [0.826, 0.880]` */
export const qualityText = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(3)} [${(low ?? 0).toFixed(3)}, ${(high ?? 1).toFixed(3)}]`;
