import { latencyQuantile } from '../../../analysis/index.js';
import { describeSettings, indexKind } from '../../../indexes/index.js';
import {
  type FilterAnswer,
  type FilterObstacle,
  type FilterOption,
  planInstead,
  type PointRecord,
  type StrategyOn,
} from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { describeFilter, filteredStrategy, returnForm } from '../../../workloads/index.js';
import { textOf } from '../../text/index.js';
import { escapeText } from '../../text/markdown.js';
import { type RunView, withoutKeys } from '../run-view.js';
import { quantileMsText, quantileText } from '../../text/figures.js';

/*
 * How the filters of an answer and their strategies are called. Nothing here is Markdown but where it says so.
 */

/** What is said of a run, in a language. */
type Said = Pick<RunView, 'texts'>;

/** As the user calls a filter, or where it is on the grid. */
export function filterName({ texts }: Said, { name, cell }: Pick<FilterAnswer, 'name' | 'cell'>): string {
  if (name !== null || cell === null) return name ?? '';
  return texts.sections.filtered.cell(formatPercent(cell.selectivity, 1), cell.correlation);
}

const MOST_CHARACTERS = 120;

/** The filter with the values of one query: `tenant = 'a' AND year >= 2020`, and what is returned of the rows. */
export function exampleText({
  example,
  columns,
  returns,
}: Pick<FilterAnswer, 'example' | 'columns' | 'returns'>): string {
  const filter = describeFilter(example, columns);
  const form = returns && returnForm(returns, 1).text;
  const text = form === undefined ? filter : filter === 'true' ? form : `${filter}, ${form}`;
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

/** A strategy as people write it, with the kind of its vector index. */
export function strategyTitle({ texts }: Said, { strategy, method }: StrategyOn): string {
  const { name, isApproximate } = filteredStrategy(strategy);
  const title = texts.filteredStrategies[name];
  return isApproximate ? `${title} (${indexKind(method).title})` : title;
}

export const optionTitle = (run: Said, { strategy, spec: { method } }: FilterOption): string =>
  strategyTitle(run, { strategy, method });

/** The settings of an option without those that make it its strategy; empty when there are no others. */
export function optionSettings({ settings, strategy }: FilterOption): string {
  const { iterative_scan: _, ...own } = settings;
  const text = describeSettings(own);
  return text === '–' || !filteredStrategy(strategy).isApproximate ? '' : text;
}

/** Why a strategy is not the choice: the plan that the server chose instead, if that is why; empty when it may be. */
export function obstacleText({ texts }: Said, why: FilterObstacle | null): string {
  if (why === null) return '';
  const scans = why.code === 'other-plan' ? planInstead(why) : null;
  return withoutKeys(scans ? texts.names.scans(scans) : textOf(texts.filterObstacles, why));
}

export const pointOfOption = (run: RunView, { point }: FilterOption): PointRecord | undefined =>
  point === null ? undefined : run.workloadPoints.get(point);

/** The best strategy for a filter with its settings and median. */
export function bestOfFilter(run: RunView, { options, best }: FilterAnswer): string {
  const option = best === null ? undefined : options[best];
  if (!option) return run.texts.sections.filtered.noStrategy;
  const measured = pointOfOption(run, option)?.measured;
  const settings = optionSettings(option);
  return `${optionTitle(run, option)}${settings === '' ? '' : `, ${settings}`}${measured ? `, p50 ${quantileMsText(run, measured, 0.5)}` : ''}`;
}

/** Milliseconds. */
export const medianOf = (point: PointRecord | undefined): number | undefined =>
  latencyQuantile(point?.measured, 0.5)?.estimate?.value;

/** For a column of milliseconds. */
export const medianText = (run: Said, point: PointRecord | undefined): string =>
  point?.measured ? quantileText(run, point.measured, 0.5) : run.texts.sections.words.notMeasured;

/** For a sentence. */
export const medianMsText = (run: Said, point: PointRecord | undefined): string =>
  point?.measured ? quantileMsText(run, point.measured, 0.5) : run.texts.sections.words.notMeasured;

/** A correlation; a zero has no sign. */
export const signed = ({ texts }: Said, correlation: number | null): string =>
  correlation === null
    ? texts.sections.words.unknown
    : correlation
        .toFixed(2)
        .replace(/^-(?=0\.00$)/, '')
        .replace('-', '−');

/** Markdown. */
export const titleMarkdown = (run: Said, option: FilterOption): string => escapeText(optionTitle(run, option));
export const settingsMarkdown = (option: FilterOption): string => escapeText(optionSettings(option));
