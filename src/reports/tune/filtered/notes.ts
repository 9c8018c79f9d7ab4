import type { FilterAnswer } from '../../../results/index.js';
import { filteredStrategy } from '../../../workloads/index.js';
import { escapeText, list } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import {
  filterName,
  medianOf,
  medianMsText,
  obstacleText,
  pointOfOption,
  settingsMarkdown,
  titleMarkdown,
} from './names.js';

/** Where a plan that the server did not choose would have been the best. */
export function wrongPlans(run: RunView, filters: readonly FilterAnswer[]): string {
  const { filtered: texts } = run.texts.sections;
  const sentences = filters.flatMap((filter) => {
    const { options, best } = filter;
    const chosen = best === null ? undefined : options[best];
    const least = (chosen && medianOf(pointOfOption(run, chosen))) ?? Infinity;
    return options.flatMap((option) => {
      const point = pointOfOption(run, option);
      const ms = medianOf(point);
      if (option.outcome !== 'another plan' || ms === undefined || ms >= least || point?.request.purpose !== 'confirm')
        return [];
      return [
        texts.wrongPlan({
          filter: escapeText(filterName(run, filter)),
          chosen: escapeText(obstacleText(run, option.why)),
          option: `${titleMarkdown(run, option)}, ${settingsMarkdown(option)}`,
          p50: medianMsText(run, point),
        }),
      ];
    });
  });
  return sentences.length === 0 ? '' : [`### ${texts.wrongPlans}`, list(sentences)].join('\n\n');
}

/** What it would change to copy the joined table's columns to the rows. */
export function joins(run: RunView, filters: readonly FilterAnswer[]): string {
  const { filtered: texts } = run.texts.sections;
  const sentences = filters.flatMap((filter) => {
    const { join, options } = filter;
    if (!join) return [];
    const cheapest = (denormalised: boolean): string | null => {
      const [least] = options
        .filter(({ outcome, strategy }) => outcome === 'reaches' && isDenormalised(strategy) === denormalised)
        .toSorted(
          (a, b) => (medianOf(pointOfOption(run, a)) ?? Infinity) - (medianOf(pointOfOption(run, b)) ?? Infinity),
        );
      return least ? texts.takes(titleMarkdown(run, least), medianMsText(run, pointOfOption(run, least))) : null;
    };
    const copied = options.some(({ strategy }) => isDenormalised(strategy));
    return copied ? [texts.join(escapeText(filterName(run, filter)), cheapest(false), cheapest(true))] : [];
  });
  if (sentences.length === 0) return '';
  return [`### ${texts.joins}`, texts.joinsIntro, list(sentences)].join('\n\n');
}

const isDenormalised = (strategy: string): boolean => filteredStrategy(strategy).copies === 'columns';

/** What an answer of no row, or of one, takes: a scan that goes on until it has k rows goes on to its bound. */
export function fewRows(run: RunView, filters: readonly FilterAnswer[]): string {
  const { filtered: texts } = run.texts.sections;
  const sentences = filters.flatMap((filter) => {
    const { options, best, achieved } = filter;
    const rows = Math.round(achieved.max * run.manifest.dataset.rows);
    const chosen = best === null ? undefined : options[best];
    const least = (chosen && medianOf(pointOfOption(run, chosen))) ?? NaN;
    if (rows > 1 || !chosen) return [];
    const scans = options.flatMap((option) => {
      const point = pointOfOption(run, option);
      const ms = medianOf(point);
      const isIterative = (option.settings['iterative_scan'] ?? 'off') !== 'off';
      if (!isIterative || option === chosen || ms === undefined) return [];
      return [texts.fewRowsScan(titleMarkdown(run, option), medianMsText(run, point), ms / least)];
    });
    const takes = texts.takes(titleMarkdown(run, chosen), medianMsText(run, pointOfOption(run, chosen)));
    return [texts.fewRowsOf({ filter: escapeText(filterName(run, filter)), rows, takes, scans })];
  });
  return sentences.length === 0 ? '' : [`### ${texts.fewRows}`, texts.fewRowsIntro, list(sentences)].join('\n\n');
}
