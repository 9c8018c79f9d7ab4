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
        `${escapeText(filterName(filter))}: the server chooses ${escapeText(obstacleText(run, option.why))} by itself; ${titleMarkdown(run, option)}, ${settingsMarkdown(option)}, forced by \`enable_seqscan = off\`, takes ${medianMsText(point)} and would be the best.`,
      ];
    });
  });
  return sentences.length === 0 ? '' : ['### Plans that the server should have chosen', list(sentences)].join('\n\n');
}

/** What it would change to copy the joined table's columns to the rows. */
export function joins(run: RunView, filters: readonly FilterAnswer[]): string {
  const sentences = filters.flatMap((filter) => {
    const { join, options } = filter;
    if (!join) return [];
    const cheapest = (denormalised: boolean, nothing: string): string => {
      const [least] = options
        .filter(({ outcome, strategy }) => outcome === 'reaches' && isDenormalised(strategy) === denormalised)
        .toSorted(
          (a, b) => (medianOf(pointOfOption(run, a)) ?? Infinity) - (medianOf(pointOfOption(run, b)) ?? Infinity),
        );
      return least ? `${titleMarkdown(run, least)} in ${medianMsText(pointOfOption(run, least))}` : nothing;
    };
    const copied = options.some(({ strategy }) => isDenormalised(strategy));
    return copied
      ? [
          `${escapeText(filterName(filter))}: with the join ${cheapest(false, 'nothing')}; ${cheapest(true, 'copied, nothing')}.`,
        ]
      : [];
  });
  if (sentences.length === 0) return '';
  return [
    '### With the join, or with its columns copied to the rows',
    'The cheapest of each that reaches the target. Copies avoid the join and can be indexed with the vectors, but every change of the joined table must be copied to its rows, which writes new versions of them into all their indexes.',
    list(sentences),
  ].join('\n\n');
}

const isDenormalised = (strategy: string): boolean => filteredStrategy(strategy).copies === 'columns';
